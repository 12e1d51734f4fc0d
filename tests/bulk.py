#!/usr/bin/python3
"""A capture with much behind it that is no handshake: N full segments of its last TCP connection,
each other one acknowledged, and N datagrams of its last UDP flow. It has to be a pcap file of
Ethernet and IPv4.

usage: bulk.py [--alone] CAPTURE N >OUT     --alone leaves the capture itself away
"""
import struct
import sys

FILE_HEADER, RECORD_HEADER = 24, 16
ETHERNET, IP, TCP = 14, 20, 20
PROTOCOL = ETHERNET + 9
RECORD = 1360  # with its header, a segment


def frames(capture):
    at = FILE_HEADER
    while at < len(capture):
        n = struct.unpack_from('<I', capture, at + 8)[0]
        yield capture[at + RECORD_HEADER:at + RECORD_HEADER + n]
        at += RECORD_HEADER + n


def swapped(frame):
    """The headers of an answer to a TCP segment, without a payload."""
    ip, tcp = frame[ETHERNET:ETHERNET + IP], frame[ETHERNET + IP:]
    return frame[6:12] + frame[:6] + frame[12:14] + ip[:12] + ip[16:20] + ip[12:16] + \
        tcp[2:4] + tcp[:2] + tcp[8:12] + tcp[4:8] + bytes([0x50, 0x10]) + tcp[14:20]


def segment(headers, number, payload):
    """A segment with these headers, the one after so many others."""
    out = bytearray(headers + payload)
    seq = struct.unpack_from('>I', out, ETHERNET + IP + 4)[0]
    struct.pack_into('>H', out, ETHERNET + 2, len(out) - ETHERNET)
    struct.pack_into('>I', out, ETHERNET + IP + 4, (seq + number * RECORD) % 2**32)
    out[ETHERNET + IP + 13] = 0x10
    return bytes(out)


def acknowledgement(headers, number):
    out = bytearray(swapped(headers))
    ack = struct.unpack_from('>I', out, ETHERNET + IP + 8)[0]
    struct.pack_into('>H', out, ETHERNET + 2, IP + TCP)
    struct.pack_into('>I', out, ETHERNET + IP + 8, (ack + number * RECORD) % 2**32)
    return bytes(out)


def bulk(capture, n):
    tcp = [f for f in frames(capture) if f[PROTOCOL] == 6][-1][:ETHERNET + IP + TCP]
    udp = [f for f in frames(capture) if f[PROTOCOL] == 17][-1]
    for number in range(n):
        data = bytes((number * i * 7 + i) & 0xff for i in range(RECORD - 5))
        yield segment(tcp, number, struct.pack('>BHH', 0x17, 0x303, RECORD - 5) + data)
        yield udp
        if number % 2 == 1:
            yield acknowledgement(tcp, number + 1)


def main():
    alone = '--alone' in sys.argv
    name, n = sys.argv[-2:]
    with open(name, 'rb') as file:
        capture = file.read()
    us = (struct.unpack_from('<I', capture, FILE_HEADER)[0] + 60) * 1000000
    out = sys.stdout.buffer
    out.write(capture[:FILE_HEADER] if alone else capture)
    for frame in bulk(capture, int(n)):
        us += 100
        out.write(struct.pack('<IIII', us // 1000000, us % 1000000, len(frame), len(frame)) + frame)


main()
