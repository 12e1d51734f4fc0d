#!/usr/bin/python3
"""Holds --show and --hash against the samples that lie beside the project: EXPECTED.txt has their sizes and hashes, their
README says what each is, and the configurations are read once more, by Python's own XML.

usage: samples.py
"""
import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import harness

SAMPLES = harness.shared('samples')
SEP = 'SEP001122334455'
CTL = SAMPLES / 'CTLFile.tlv'

# What the README says of each: kind, signature, roles of the records.
FILES = {
    'CTLFile.tlv': ('CTL', 'good', ['SAST', 'CCM+TFTP']),
    'CTLFile_badsig.tlv': ('CTL', 'bad', ['SAST', 'CCM+TFTP']),
    'CTLFile_cut.tlv': ('CTL', 'not verified', ['SAST']),
    'CTLFile_nonsecure.tlv': ('CTL', 'good', ['SAST', 'CCM+TFTP']),
    'ITLFile.tlv': ('ITL', 'good', ['SAST', 'TFTP', 'CAPF', 'TVS']),
    f'{SEP}.cnf.xml': ('configuration', 'unsigned', None),
    f'{SEP}.cme.cnf.xml': ('configuration', 'unsigned', None),
    f'{SEP}.novpn.cnf.xml': ('configuration', 'unsigned', None),
    f'{SEP}.wronghash.cnf.xml': ('configuration', 'unsigned', None),
    f'{SEP}.cnf.xml.sgn': ('configuration', 'good', None),
    f'{SEP}.sha512.cnf.xml.sgn': ('configuration', 'good', None),
    f'{SEP}.cnf.xml.enc.sgn': ('configuration', 'good', None),
}
DIGESTS = {'ITLFile.tlv': 'SHA-512', f'{SEP}.sha512.cnf.xml.sgn': 'SHA-512'}

checks = wrong = 0


def check(what, got, wanted):
    global checks, wrong
    checks += 1
    if got != wanted:
        wrong += 1
        print(f'{what}: {got!r}, not {wanted!r}')


def handspan(*arguments):
    run = subprocess.run([harness.HANDSPAN, *map(str, arguments)], capture_output=True, timeout=60, check=False)
    check(f'exit status of {arguments[-1]}', run.returncode, 0)
    return run.stdout.decode()


def expected():
    """The rows of EXPECTED.txt: what kind of row, which name, and the values by their keys."""
    for line in (SAMPLES / 'EXPECTED.txt').read_text(encoding='utf-8').splitlines():
        kind, name, *values = line.split()
        yield kind, name, dict(value.split('=', 1) for value in values)


def check_certificate(name, values):
    path = SAMPLES / 'certs' / f'{name}.der'
    for file in (path, path.with_suffix('.pem')):
        text = handspan('--hash', file)
        rows = dict(line.split(None, 1) for line in text.splitlines()[1:4])
        check(f'{name}: size', rows['DER'], f'{values["der"]} bytes')
        check(f'{name}: serial', int(rows['serial'], 16), int(values['serial'], 16))
        sha1 = ':'.join(values['sha1'][i:i + 2] for i in range(0, 40, 2)).upper()
        for part in (f'SHA-1    hex       {sha1}\n', f'<certHash1>{values["certHash"]}</certHash1>',
                     f'<certHash>{values["md5"]}</certHash>'):
            check(f'{name}: {part!r}', part in text, True)


def check_header(file, values):
    name = file['name']
    check(f'{name}: size', file['size'], int(values['size']))
    check(f'{name}: version', file['header']['version'], values['version'])
    check(f'{name}: header', file['header']['length'], int(values['header']))
    check(f'{name}: digest', file['header']['digest_name'], DIGESTS.get(name, 'SHA-1'))
    check(f'{name}: key', file['header']['key_bits'], 2048)
    check(f'{name}: serial', file['header']['signer_serial'], '5f2d7c1be3a94d0688a17d2b4c9e6f31')


def check_configuration(file):
    """What Python reads in the same XML."""
    name, config = file['name'], file['configuration']
    text = (SAMPLES / name).read_bytes()
    device = ET.fromstring(text[file.get('header', {}).get('length', 0):])
    group = device.find('vpnGroup')
    check(f'{name}: phone', config['phone'], SEP)
    check(f'{name}: firmware', config['firmware'], device.findtext('loadInformation'))
    check(f'{name}: vpn_group', config['vpn_group'], group is not None)
    group = ET.Element('vpnGroup') if group is None else group
    check(f'{name}: urls', [url['url'] for url in config['urls']], [e.text for e in group.find('addresses') or []])
    check(f'{name}: hashes', [hash['hash'] for hash in config['hashes']],
          [e.text for e in group.iter() if e.tag.startswith('certHash')])
    check(f'{name}: usable', all(hash['usable'] for hash in config['hashes']), True)
    for key, element in (('mtu', 'mtu'), ('fail_connect_time', 'failConnectTime'), ('auth_method', 'authMethod'),
                         ('host_id_check', 'enableHostIDCheck'), ('auto_net_detect', 'autoNetDetect'),
                         ('password_persistent', 'pswdPersistent')):
        value = group.findtext(element)
        check(f'{name}: {key}', config.get(key), None if value is None else int(value))


def check_file(name, certificates):
    kind, signature, roles = FILES[name]
    lists = [] if name.endswith('.tlv') else ['--trust-list', CTL]
    file = json.loads(handspan('--json', *lists, '--show', SAMPLES / name))
    file['name'] = name
    check(f'{name}: kind', file['kind'], kind)
    check(f'{name}: signature', file['signature'], signature)
    check(f'{name}: cut', file.get('cut', False), name == 'CTLFile_cut.tlv')
    check(f'{name}: encrypted', file.get('encrypted', False), '.enc.' in name)
    check(f'{name}: damage', file.get('broken', file.get('error')), None)
    if signature == 'good':
        by = f'record 1 (SAST) of {SAMPLES / name}' if roles else f'record 2 (CCM+TFTP) of {CTL}'
        check(f'{name}: verified by', file['verified_by'], by)
    check(f'{name}: roles', [r['role_name'] for r in file['records']] if roles else None, roles)
    for record in file.get('records', []):
        check(f'{name}: an odd address', 'odd_address' in record, False)
        if 'certificate' in record and record['role_name'] != 'TVS':
            check(f'{name}: a certificate', record['certificate']['sha1'] in certificates, True)
    if kind == 'configuration':
        check(f'{name}: configuration', 'configuration' in file, '.enc.' not in name)
        if 'configuration' in file:
            check_configuration(file)
    return file


def main():
    rows = list(expected())
    certificates = {values['sha1'] for kind, _, values in rows if kind == 'cert'}
    files = {name: check_file(name, certificates) for name in FILES}
    for kind, name, values in rows:
        if kind == 'cert':
            check_certificate(name, values)
        else:
            check_header(files[name], values)
    empty = files['CTLFile_nonsecure.tlv']['records'][1]
    check('an empty record', sorted(empty), ['address', 'dns_name', 'role', 'role_name'])
    check("the ITL's signer", files['ITLFile.tlv']['header'].get('signer_version'), '1.0')
    text = handspan('--trust-list', CTL, '--show', *(SAMPLES / name for name in FILES))
    check('good signatures in text', text.count('the signature is good: it fits record '), 6)
    check('bad signatures in text', text.count('the signature is bad'), 1)
    lines = handspan('--json', '--trust-list', CTL, '--show', *(SAMPLES / name for name in FILES))
    judge = subprocess.run([sys.executable, harness.ROOT / 'tests' / 'schema.py'], input=lines.encode(), check=False)
    check('the schema', judge.returncode in (0, 77), True)
    print(f'{len(FILES)} files, {len(certificates)} certificates: {checks} checks, {wrong} wrong')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
