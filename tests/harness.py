"""What the tests in Python share: where things are, and how handspan is asked."""
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HANDSPAN = os.environ.get('HANDSPAN', str(ROOT / 'build' / 'handspan'))

# A sanitizer's own exit status is 1, which for handspan means findings.
os.environ.setdefault('ASAN_OPTIONS', 'exitcode=99')
os.environ.setdefault('UBSAN_OPTIONS', 'halt_on_error=1:exitcode=99')

if not os.access(HANDSPAN, os.X_OK):
    sys.exit(f'{HANDSPAN} is not there')


class Unreadable(Exception):
    """handspan says that the file is no capture."""


class Broken(Exception):
    """handspan ended as it never should."""


def skip(why):
    print('SKIP', why)
    sys.exit(77)


def shared(*folders):
    """A folder of the material that lies beside the project; the test is skipped without it."""
    path = Path(os.environ.get('SHARED', ROOT.parent / 'shared')).joinpath(*folders)
    if not path.is_dir():
        skip(f'{path} is not there')
    return path


def last_words(stderr):
    lines = stderr.decode(errors='replace').splitlines()
    blamed = [line for line in lines if 'Sanitizer' in line or 'runtime error' in line]
    return (blamed or lines or ['nothing on stderr'])[-1]


def events(*arguments):
    """The objects that handspan --json prints."""
    run = subprocess.run([HANDSPAN, '--json', *map(str, arguments)], capture_output=True,
                         timeout=300, check=False)
    if run.returncode == 3:
        raise Unreadable(last_words(run.stderr))
    if run.returncode not in (0, 1):
        raise Broken(f'exit status {run.returncode}: {last_words(run.stderr)}')
    try:
        objects = [json.loads(line) for line in run.stdout.splitlines()]
    except ValueError as why:
        raise Broken(f'no JSON: {why}') from why
    if not objects or objects[-1]['event'] != 'summary':
        raise Broken(f'no summary at the end: {last_words(run.stderr)}')
    return objects


def of_kind(objects, event):
    return [o for o in objects if o['event'] == event]
