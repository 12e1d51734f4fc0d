/* Passwords in configurations, made unreadable before a file leaves the capture. */
#ifndef SRC_EXPORT_EXPORT_BLANK_H
#define SRC_EXPORT_EXPORT_BLANK_H

#include <stddef.h>
#include <stdint.h>

/* export_blank overwrites with '*' what stands in elements that are named like passwords (sshPassword, passphrase, psk, pin),
 * in the length that it has, and gives how many there were. It reads as leniently as a thief would: comments count, and an
 * element that has no end reaches to the last byte. */
size_t export_blank(uint8_t *bytes, size_t n);

#endif
