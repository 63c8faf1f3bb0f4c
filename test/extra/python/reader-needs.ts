const REQUIREMENTS = 'examples/requirements.txt';
const installed = `import importlib.metadata as m; [m.version(line.split('==')[0]) for line in open('${REQUIREMENTS}')]`;

/** What examples/reader.py needs. */
export const readerNeeds = {
  check: `python3 -c "${installed}"`,
  install: `python3-venv; then python3 -m venv .venv, .venv/bin/pip install -r ${REQUIREMENTS}, and .venv/bin in front of the PATH`,
};
