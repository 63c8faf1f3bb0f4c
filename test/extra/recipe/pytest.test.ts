import { needs } from '../needs';
import { ran, recipeNeeds } from './python';

needs(...recipeNeeds);

it('passes the tests of models/training', () => {
  expect(ran('python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'models/training').toString()).toMatch(/^\d+ passed in/m);
}, 900_000);
