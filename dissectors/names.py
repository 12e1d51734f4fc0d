#!/usr/bin/python3
"""names.py - writes names_table.h beside itself, from what this machine's TLS tools know.

The IANA names are tshark's (tshark -G values), OpenSSL's names those of its headers, which still have the suites
that its library lost; `openssl ciphers -V` is asked too and must agree. What is too new, too old or too private
for these stands in the tables below. Run by a maintainer when a registry has grown; the build never runs it.
"""
import argparse
import os
import re
import subprocess

# IANA's registry of TLS parameters, where tshark 4.0 does not have them yet.
SUITES = {0x1306: 'TLS_AEGIS_256_SHA512', 0x1307: 'TLS_AEGIS_128L_SHA256', 0xff85: 'TLS_GOSTR341112_256_WITH_28147_CNT_IMIT'}
ALERTS = {52: 'too_many_cids_requested', 117: 'general_error'}
GROUPS = {
    31: 'brainpoolP256r1tls13', 32: 'brainpoolP384r1tls13', 33: 'brainpoolP512r1tls13',
    34: 'GC256A', 35: 'GC256B', 36: 'GC256C', 37: 'GC256D', 38: 'GC512A', 39: 'GC512B', 40: 'GC512C',
    0x0200: 'MLKEM512', 0x0201: 'MLKEM768', 0x0202: 'MLKEM1024',
    0x11eb: 'SecP256r1MLKEM768', 0x11ec: 'X25519MLKEM768', 0x11ed: 'SecP384r1MLKEM1024', 0x11ee: 'curveSM2MLKEM768',
    0x6399: 'X25519Kyber768Draft00', 0x639a: 'SecP256r1Kyber768Draft00',
}

# Names that OpenSSL 1.0 had and that OpenSSL 3's headers have no more, and GOST's, which stand in its source alone.
OPENSSL = {
    0x001e: 'KRB5-DES-CBC-SHA', 0x001f: 'KRB5-DES-CBC3-SHA', 0x0020: 'KRB5-RC4-SHA', 0x0021: 'KRB5-IDEA-CBC-SHA',
    0x0022: 'KRB5-DES-CBC-MD5', 0x0023: 'KRB5-DES-CBC3-MD5', 0x0024: 'KRB5-RC4-MD5', 0x0025: 'KRB5-IDEA-CBC-MD5',
    0x0026: 'EXP-KRB5-DES-CBC-SHA', 0x0027: 'EXP-KRB5-RC2-CBC-SHA', 0x0028: 'EXP-KRB5-RC4-SHA',
    0x0029: 'EXP-KRB5-DES-CBC-MD5', 0x002a: 'EXP-KRB5-RC2-CBC-MD5', 0x002b: 'EXP-KRB5-RC4-MD5',
    0x0060: 'EXP1024-RC4-MD5', 0x0061: 'EXP1024-RC2-CBC-MD5', 0x0062: 'EXP1024-DES-CBC-SHA',
    0x0063: 'EXP1024-DHE-DSS-DES-CBC-SHA', 0x0064: 'EXP1024-RC4-SHA', 0x0065: 'EXP1024-DHE-DSS-RC4-SHA',
    0x0066: 'DHE-DSS-RC4-SHA', 0x0080: 'GOST94-GOST89-GOST89', 0x0081: 'GOST2001-GOST89-GOST89',
    0x0082: 'GOST94-NULL-GOST94', 0x0083: 'GOST2001-NULL-GOST94',
    0xc100: 'GOST2012-KUZNYECHIK-KUZNYECHIKOMAC', 0xc101: 'GOST2012-MAGMA-MAGMAOMAC',
    0xc102: 'IANA-GOST2012-GOST8912-GOST8912', 0xff85: 'LEGACY-GOST2012-GOST8912-GOST8912',
}

# No suites but signals (RFC 5746, RFC 7507): they say nothing of a server.
SIGNALS = {0x00ff, 0x5600}

# GOST's suites of TLS 1.3 (RFC 9367): the one family there whose names say WITH.
GOST_TLS13 = range(0xc103, 0xc107)

# Groups from here on, up to the private ones, are experiments of one library in tshark's list.
EXPERIMENTS = range(0x0200, 0xff00)


def tshark_values():
    """what tshark calls the numbers in TLS, as {field: {number: name}}"""
    out = subprocess.run(['tshark', '-G', 'values'], capture_output=True, text=True, check=True).stdout
    values = {}
    for line in out.splitlines():
        part = line.split('\t')
        if part[0] == 'V' and part[1].startswith('tls.'):
            values.setdefault(part[1], {})[int(part[2], 0)] = part[3]
    return values


def openssl_headers(folder):
    """OpenSSL's names from its headers: a number is a *_CK_x, its name the *_TXT_x (TLS 1.3: *_RFC_x) of the same x"""
    number, name = {}, {}
    for header in ('ssl3.h', 'tls1.h'):
        with open(os.path.join(folder, header), encoding='ascii') as f:
            for line in f:
                m = re.match(r'#\s*define\s+(?:SSL3|TLS1(?:_3)?)_CK_(\w+)\s+0x0300([0-9A-Fa-f]{4})\b', line)
                if m:
                    number[m.group(1)] = int(m.group(2), 16)
                m = re.match(r'#\s*define\s+(?:SSL3_TXT|TLS1_TXT|TLS1_3_RFC)_(\w+)\s+"([^"]+)"', line)
                if m:
                    name[m.group(1)] = m.group(2)
    return {number[x]: name[x] for x in number if x in name}


def openssl_program():
    """the names that the installed library can still speak"""
    out = subprocess.run(['openssl', 'ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL@SECLEVEL=0'],
                         capture_output=True, text=True, check=True).stdout
    names = {}
    for line in out.splitlines():
        m = re.match(r'\s*0x(..),0x(..) - \S+\s+- (\S+)', line)
        names[int(m.group(1) + m.group(2), 16)] = m.group(3)
    return names


def auth(value, iana):
    """enum cipher_auth, from the part of the name before WITH"""
    if value in SIGNALS or value in GOST_TLS13:
        return 'AUTH_ANY'
    if iana == 'TLS_NULL_WITH_NULL_NULL':
        return 'AUTH_ANON'
    kx, has_with, _ = iana.partition('_WITH_')
    if not has_with:
        return 'AUTH_ANY' if iana.startswith('TLS_') else 'AUTH_OTHER'
    words = kx.split('_')
    for word, says in (('anon', 'AUTH_ANON'), ('KRB5', 'AUTH_OTHER'), ('RSA', 'AUTH_RSA'), ('ECDSA', 'AUTH_ECDSA'),
                       ('DSS', 'AUTH_DSS'), ('PSK', 'AUTH_PSK')):
        if word in words:
            return says
    return 'AUTH_OTHER'


def weak(iana, how):
    """enum cipher_weakness"""
    body = iana.partition('_WITH_')[2] or iana
    flags = []
    if re.match(r'NULL_|TLS_SHA(256|384)_', body):
        flags.append('WEAK_NULL')
    if '_EXPORT' in iana:
        flags.append('WEAK_EXPORT')
    if body.startswith('RC4_'):
        flags.append('WEAK_RC4')
    if body.startswith('3DES_'):
        flags.append('WEAK_3DES')
    if re.match(r'DES(40)?_', body):
        flags.append('WEAK_DES')
    if how == 'AUTH_ANON':
        flags.append('WEAK_ANON')
    return ' | '.join(flags) or '0'


def boolean(b):
    return 'true' if b else 'false'


def cipher_rows(values, headers):
    suites = {**values['tls.handshake.ciphersuite'], **SUITES}
    names = {**OPENSSL, **headers, **openssl_program()}
    for value in sorted(suites):
        iana = suites[value]
        if 'GREASE' in iana or not re.fullmatch(r'[A-Za-z0-9_]+_[A-Za-z0-9_]+', iana):
            continue
        how = auth(value, iana)
        ec = re.search(r'(^|_)ECDHE?_', iana) is not None
        openssl = '"%s"' % names[value] if value in names else 'NULL'
        yield '\t{0x%04x, %s, %s, %s, %s, "%s", %s},' % (
            value, how, weak(iana, how), boolean(ec), boolean('_CBC' in iana), iana, openssl)


def alert_rows(values):
    alerts = {**{v: re.sub(r'\W+', '_', n.lower()) for v, n in values['tls.alert_message.desc'].items()}, **ALERTS}
    return ['\t{%d, "%s"},' % (v, alerts[v]) for v in sorted(alerts)]


def group_rows(values):
    groups = {v: n for v, n in values['tls.handshake.extensions_supported_group'].items()
              if 'GREASE' not in n and v not in EXPERIMENTS}
    groups.update(GROUPS)
    return ['\t{0x%04x, "%s"},' % (v, groups[v]) for v in sorted(groups)]


def table(kind, name, rows):
    return 'static const struct %s %s[] = {\n%s\n};\n' % (kind, name, '\n'.join(rows))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    ap = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    ap.add_argument('--openssl-headers', default='/usr/include/openssl', metavar='FOLDER')
    ap.add_argument('--output', default=os.path.join(here, 'names_table.h'), metavar='FILE')
    arg = ap.parse_args()
    headers = openssl_headers(arg.openssl_headers)
    values = tshark_values()
    for value, name in openssl_program().items():
        if headers.get(value, name) != name:
            raise SystemExit('0x%04x: %s in the headers, %s in the program' % (value, headers[value], name))
    text = '/* Made by names.py, sorted by number. Not edited by hand. */\n\n' + '\n'.join((
        table('cipher_name', 'CIPHERS', cipher_rows(values, headers)),
        table('number_name', 'ALERTS', alert_rows(values)),
        table('number_name', 'GROUPS', group_rows(values))))
    with open(arg.output, 'w', encoding='ascii') as f:
        f.write(text)


if __name__ == '__main__':
    main()
