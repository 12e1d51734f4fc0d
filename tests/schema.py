#!/usr/bin/python3
"""Holds lines of JSON against docs/handspan.schema.json.

usage: schema.py [FILE...], or the lines on stdin
"""
import json
import sys
from pathlib import Path

SCHEMA = Path(__file__).resolve().parent.parent / 'docs' / 'handspan.schema.json'

try:
    import jsonschema
except ImportError:
    print('SKIP python3-jsonschema is not there')
    sys.exit(77)


def unique(pairs):
    """An object, unless one of its keys stands there twice."""
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f'key {key!r} stands there twice')
    return dict(pairs)


def no_constant(name):
    raise ValueError(f'{name} is no JSON')


class Judge:
    def __init__(self):
        schema = json.loads(SCHEMA.read_text(encoding='utf-8'))
        jsonschema.Draft202012Validator.check_schema(schema)
        self.whole = jsonschema.Draft202012Validator(schema)
        self.by_event = {
            event: jsonschema.Draft202012Validator({'$ref': f'#/$defs/{event}', '$defs': schema['$defs']})
            for event in schema['properties']['event']['enum']}

    def complaint(self, line):
        """What is wrong with a line, or None. An event's own definition says it best."""
        try:
            thing = json.loads(line.decode('utf-8'), object_pairs_hook=unique, parse_constant=no_constant)
        except ValueError as why:
            return str(why)
        event = thing.get('event') if isinstance(thing, dict) else None
        for validator in (self.by_event.get(event, self.whole), self.whole):
            error = jsonschema.exceptions.best_match(validator.iter_errors(thing))
            if error:
                return f'{error.json_path}: {error.message}'
        return None


def main():
    judge, lines, wrong = Judge(), 0, 0
    for name in sys.argv[1:] or ['-']:
        text = sys.stdin.buffer.read() if name == '-' else Path(name).read_bytes()
        if text and not text.endswith(b'\n'):
            print(f'{name}: the last line has no end')
            wrong += 1
        for number, line in enumerate(text.splitlines(), 1):
            lines += 1
            complaint = judge.complaint(line)
            if complaint:
                wrong += 1
                print(f'{name}:{number}: {complaint}\n  {line.decode(errors="replace")}')
    print(f'{lines} lines, {wrong} wrong')
    return 0 if lines and not wrong else 1


if __name__ == '__main__':
    sys.exit(main())
