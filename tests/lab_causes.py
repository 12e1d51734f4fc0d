#!/usr/bin/python3
"""Asks handspan about the lab's failing phones, whose causes are known, and holds its findings and
the facts of its handshakes against them.

usage: lab_causes.py [-v] [--dir DIR] [WORD...]
"""
import argparse
import re
import sys
from pathlib import Path

from harness import Broken, Unreadable, events, of_kind, shared


class Expect:
    """Findings that must be there, as ID or ID/severity; and whether another error may be."""

    def __init__(self, *findings, error=True):
        self.findings = [f if '/' in f else f + '/error' for f in findings]
        self.may_have_error = error


HEALTHY = Expect(error=False)

VERDICTS = {
    'certhash-mismatch': Expect('cert-hash-mismatch'),
    'certificate-expired': Expect('certificate-expired'),
    'client-cert-missing': Expect('client-certificate-missing'),
    'client-cert-not-trusted': Expect('client-certificate-rejected'),
    'divergence-old-session-cipher': Expect('dtls-cipher-divergence'),
    'divergence-tolerated': Expect('dtls-cipher-divergence/warning', error=False),
    'dns-no-answer': Expect('dns-failure'),
    'dtls-blocked': Expect('dtls-unanswered'),
    'dtls-full-handshake': HEALTHY,
    'dtls-port-unreachable': Expect('dtls-unanswered'),
    'dtls-session-id-not-echoed': Expect('dtls-session-not-resumed'),
    'lb-redirect-followed': Expect('gateway-changes/warning'),
    'no-shared-cipher': Expect('no-shared-cipher'),
    'no-tunnel': HEALTHY,
    'protocol-version': Expect('protocol-version'),
    'tls13-cert-hidden': Expect('certificate-hidden/info', error=False),
    # of scenarios that the lab makes too, and of which no capture is kept
    'chain-incomplete': Expect('cert-hash-mismatch', 'chain-incomplete/warning'),
    'client-cert-not-trusted-silent': Expect('handshake-aborted/warning', error=False),
    'divergence-timeout': Expect('dtls-cipher-divergence'),
    'dtls-wrong-cipher-returned': Expect('dtls-cipher-not-offered'),
    'ec-self-signed': Expect('ec-certificate'),
    'lb-redirect-refused': Expect('cert-hash-mismatch', 'gateway-changes/warning'),
    'no-shared-cipher-silent': Expect('handshake-aborted/warning', error=False),
    'tls13-all-hidden': Expect('certificate-hidden/info', error=False),
    'tls13-cert-refused': Expect('server-certificate-rejected', 'certificate-hidden/info'),
}


def expectation(verdict):
    return HEALTHY if verdict.split('-')[0] == 'ok' else VERDICTS.get(verdict)


def judge_findings(expect, findings):
    seen = {f'{f["id"]}/{f["severity"]}' for f in findings}
    for finding in expect.findings:
        if finding not in seen:
            yield f'{finding} is not found'
    if not expect.may_have_error:
        for finding in sorted(seen):
            if finding.endswith('/error'):
                yield f'{finding} is found'


SIGNALS = {'0x00ff', '0x5600'}


def last(handshakes, protocol, key):
    """This key of the last handshake of a protocol that has it, or an empty object."""
    having = [h[key] for h in handshakes if h['protocol'] == protocol and key in h]
    return having[-1] if having else {}


def hex4(text):
    return text.removeprefix('0x') if text else 'none'


def first_refusal(handshakes):
    """The first fatal alert or ICMP error, by frame."""
    said = [(a['frame'], f'{a["from"]}:{h["protocol"].lower()}:{a["code"]}')
            for h in handshakes for a in h['alerts'] if a['level'] == 'fatal']
    said += [(u['frame'], f'icmp:{u["type"]}:{u["code"]}')
             for u in (h['unreachable'] for h in handshakes if 'unreachable' in h)]
    return min(said)[1] if said else 'none'


def hash_match(handshakes, cert_hash):
    chains = [[c['sha1_base64'] for c in h['server_certificates']] for h in handshakes]
    hits = [cert_hash in chain for chain in chains if chain]
    if not hits:
        return 'hidden'
    if hits[0]:
        return 'match' if hits[-1] else 'second-mismatch'
    return 'mismatch'


def offer(handshakes):
    ciphers = set(last(handshakes, 'DTLS', 'client_hello').get('ciphers', [])) - SIGNALS
    return hex4(ciphers.pop()) if len(ciphers) == 1 else 'psk-list' if ciphers else 'none'


def facts(handshakes, cert_hash):
    leaves = [h['server_certificates'][0] for h in handshakes if h['server_certificates']]
    answer = last(handshakes, 'TLS', 'server_hello')
    dtls_answer = last(handshakes, 'DTLS', 'server_hello')
    dtls = dtls_answer or last(handshakes, 'DTLS', 'client_hello')
    return {
        'alert': first_refusal(handshakes),
        'cert_key': leaves[0].get('key_type', 'unreadable').lower() if leaves else 'hidden',
        'certhash1': hash_match(handshakes, cert_hash),
        'dtls_answer': hex4(dtls_answer.get('cipher')),
        'dtls_offer': offer(handshakes),
        'dtls_version': hex4(dtls.get('version')),
        'tls_suite': hex4(answer.get('cipher')),
        'tls_version': hex4(answer.get('version')),
    }


def judge_facts(truth, seen):
    for name, value in seen.items():
        if truth.get(name, value) != value:
            yield f'{name} is {value}, in truth {truth[name]}'


def read_truth(path):
    lines = path.read_text(encoding='utf-8').splitlines()
    return dict(line.split('=', 1) for line in lines if line)


def judge(folder, truth, expect):
    config = next(folder.glob('SEP*.cnf.xml'))
    objects = events(folder / 'capture.pcap', '--phone-config', config)
    found = of_kind(objects, 'finding')
    handshakes = of_kind(objects, 'handshake')
    cert_hash = re.search(r'<certHash1>\s*([^<\s]+)', config.read_text(encoding='utf-8'))
    problems = [*judge_findings(expect, found),
                *judge_facts(truth, facts(handshakes, cert_hash and cert_hash.group(1)))]
    return problems, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('-v', '--verbose', action='store_true', help='show every finding')
    parser.add_argument('--dir', type=Path, help='one folder for each scenario')
    parser.add_argument('word', nargs='*', help='only scenarios with this in their name')
    options = parser.parse_args()
    folder = options.dir or shared('captures', 'lab')

    bad = 0
    for path in sorted(folder.glob('*/truth.txt')):
        name = path.parent.name
        if options.word and not any(word in name for word in options.word):
            continue
        truth = read_truth(path)
        verdict = truth['verdict']
        expect = expectation(verdict)
        if not expect:
            why = 'what it asks for is not known'
            print(f'SKIP {name}: {verdict}: {why}')
            continue
        try:
            problems, found = judge(path.parent, truth, expect)
        except (Unreadable, Broken) as why:
            problems, found = [str(why)], []
        print('FAIL' if problems else 'ok  ', f'{name}: {verdict}')
        for problem in problems:
            print('     ', problem)
        for f in found if problems or options.verbose else []:
            print(f'      [{f["severity"]} {f["id"]}] {f.get("detail", f["title"])}')
        bad += bool(problems)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
