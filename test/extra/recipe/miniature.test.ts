import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../needs';
import { angiocast, recipe, recipeNeeds } from './python';

needs(...recipeNeeds);

const folder = mkdtempSync(join(tmpdir(), 'miniature-'));
const at = (...names: string[]): string => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Measures {
  readonly dice: number;
  readonly recall: number;
  readonly specificity: number;
  readonly ppv: number;
  readonly npv: number;
}
interface Lesions {
  readonly lesions: number;
  readonly dice: number | null;
}
/** What `angiocast evaluate --json` prints, and evaluate.py. */
type Ours = Measures & { readonly liverDice: number; readonly bySize: readonly Lesions[]; readonly byBloodSupply: readonly Lesions[] };
type Theirs = Measures & { readonly liver: number; readonly lesions: readonly Lesions[] };

const evaluated = (bundle: string): Ours =>
  JSON.parse(angiocast('evaluate', '--data', at('patients'), '--model', bundle, '--provider', 'cpu', '--json')) as Ours;

describe('the recipe', () => {
  beforeAll(() => {
    angiocast('phantom', '--out', at('patients'), '--cases', '4', '--seed', '41');
    expect(recipe('prepare.py', at('patients'), at('prepared'))).toMatch(/: 4 patients, \d+ tumours, \d+ of them poor in blood\n$/);
  }, 360_000);

  it('leads in two steps, which teach nothing, from four patients to a bundle that the program runs', () => {
    const data = ['--train', at('prepared'), '--validate', at('prepared'), '--out', at('trained')];
    const two = ['--width', '4', '--batch', '2', '--samples', '1', '--epochs', '1', '--tdl-epochs', '1'];
    recipe('train.py', '--row', 'dsa-ltdnet', ...data, ...two);
    expect(existsSync(at('trained', 'curves.png'))).toBe(true);
    const checkpoint = at('trained', 'checkpoint.pt');
    recipe('evaluate.py', '--checkpoint', checkpoint, '--data', at('prepared'), '--validate', at('prepared'), '--out', at('measured'));
    const measured = JSON.parse(readFileSync(at('measured', 'evaluation.json'), 'utf8')) as unknown;
    expect(measured).toMatchObject({ patients: 4, row: 'dsa-ltdnet', epoch: 1 });
    const card = ['--version', '0.0.1', '--threshold', '0.5', '--trained-on', 'four simulated patients'];
    recipe('export.py', '--checkpoint', checkpoint, '--golden', at('prepared'), '--out', at('bundle'), ...card);
    expect(evaluated(at('bundle'))).toMatchObject({ model: { version: '0.0.1' }, patients: 4 });
  }, 900_000);

  it('measures a bundle as the program does', () => {
    const ours = evaluated('models/dsa-ltdnet');
    const theirs = JSON.parse(recipe('evaluate.py', '--bundle', 'models/dsa-ltdnet', '--data', at('prepared'))) as Theirs;
    expect(ours.dice).toBeGreaterThan(0.2);
    const groups = [...ours.bySize, ...ours.byBloodSupply].filter(({ lesions }) => lesions > 0);
    const theirGroups = theirs.lesions.filter(({ lesions }) => lesions > 0);
    expect(groups.map(({ lesions }) => lesions)).toEqual(theirGroups.map(({ lesions }) => lesions));
    const values = ({ dice, recall, specificity, ppv, npv }: Measures, liver: number, lesions: readonly Lesions[]): number[] => [
      ...[dice, recall, specificity, ppv, npv, liver],
      ...lesions.map((group) => group.dice ?? Number.NaN),
    ];
    const theirValues = values(theirs, theirs.liver, theirGroups);
    const apart = values(ours, ours.liverDice, groups).map((value, n) => Math.abs(value - (theirValues[n] ?? Number.NaN)));
    expect(Math.max(...apart)).toBeLessThan(0.001);
  }, 360_000);
});
