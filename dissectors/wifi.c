/* IEEE 802.11 data frames, bare and behind radiotap. */
#include "wifi.h"

/* Frame control, first byte: IEEE 802.11 section 9.2.4.1. */
#define VERSION_TYPE 0x0f
#define VERSION_TYPE_DATA 0x08
#define SUBTYPE_NULL 0x40 /* no data: power save and polling */
#define SUBTYPE_QOS 0x80
/* Second byte. */
#define TO_DS 0x01
#define FROM_DS 0x02
#define MORE_FRAGMENTS 0x04
#define PROTECTED 0x40
#define ORDER 0x80 /* in QoS frames: an HT control field is there */
/* Sequence and QoS control, first byte. */
#define FRAGMENT_NUMBER 0x0f
#define AGGREGATE 0x80

/* https://www.radiotap.org/fields/defined: bits of the present word, as read big-endian, and of Flags. */
#define PRESENT_TSFT 0x01000000
#define PRESENT_FLAGS 0x02000000
#define PRESENT_MORE 0x00000080
#define FLAG_PADDED 0x20
#define FLAG_BAD_FCS 0x40

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. */
#define NEED(read, valid, name)                                                            \
	do {                                                                               \
		size_t off_ = (size_t)(s.p - in->p);                                       \
		bool there_ = (read);                                                      \
		if (!there_ || !(valid)) {                                                 \
			*at = (struct dis_at){.field = (name), .off = off_};               \
			return there_ ? DIS_BAD : DIS_MORE;                                \
		}                                                                          \
	} while (0)

/* set_mac picks source and destination from the four addresses: IEEE 802.11 table 9-60. */
static void
set_mac(struct link_header *out, uint8_t flags, uint8_t address[4][6])
{
	const uint8_t *dst = address[flags & TO_DS ? 2 : 0], *src = address[1];

	if (flags & FROM_DS)
		src = address[flags & TO_DS ? 3 : 2];
	link_set_mac(out, src, dst);
}

/* IEEE 802.11 section 9.3.2.1, integers little-endian
 *   uint8 type, flags;
 *   uint16 duration;
 *   opaque address1[6], address2[6], address3[6];
 *   uint12 sequence;  uint4 fragment;
 *   opaque address4[6]; (both to and from the distribution system)
 *   uint16 qos_control; (QoS subtypes)
 *   uint32 ht_control; (QoS subtypes with the order flag)
 *   opaque padding[]; (to 4 bytes, where radiotap says so) */
static enum dis
data_frame(struct slice *in, bool padded, struct link_header *out, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t type, flags, sequence, qos = 0;
	uint8_t address[4][6] = {{0}};

	*next = ETHERTYPE_NONE;
	NEED(slice_u8(&s, &type), true, "wifi.type");
	NEED(slice_u8(&s, &flags), true, "wifi.flags");
	if ((type & VERSION_TYPE) != VERSION_TYPE_DATA || type & SUBTYPE_NULL ||
	    flags & (MORE_FRAGMENTS | PROTECTED))
		return DIS_OK;
	NEED(slice_skip(&s, 2), true, "wifi.duration");
	for (size_t i = 0; i < 3; i++)
		NEED(slice_copy(&s, address[i], 6), true, "wifi.address");
	NEED(slice_u8(&s, &sequence), true, "wifi.sequence");
	NEED(slice_skip(&s, 1), true, "wifi.sequence");
	if (flags & TO_DS && flags & FROM_DS)
		NEED(slice_copy(&s, address[3], 6), true, "wifi.address");
	if (type & SUBTYPE_QOS) {
		NEED(slice_u8(&s, &qos), true, "wifi.qos_control");
		NEED(slice_skip(&s, 1), true, "wifi.qos_control");
		NEED(slice_skip(&s, flags & ORDER ? 4 : 0), true, "wifi.ht_control");
	}
	if (sequence & FRAGMENT_NUMBER || qos & AGGREGATE)
		return DIS_OK;
	if (padded)
		NEED(slice_skip(&s, (in->n - s.n) % 4 ? 2 : 0), true, "wifi.padding");
	set_mac(out, flags, address);
	*next = ETHERTYPE_LLC;
	*in = s;
	return DIS_OK;
}

enum dis
wifi_dissect(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at)
{
	return data_frame(in, false, out, next, at);
}

/* radiotap_flags finds the Flags field behind the present words; 0 where there is none. */
static bool
radiotap_flags(struct slice header, uint8_t *flags)
{
	struct slice s = header;
	uint32_t present, more;

	*flags = 0;
	if (!slice_skip(&s, 4) || !slice_u32(&s, &present))
		return false;
	more = present;
	while (more & PRESENT_MORE)
		if (!slice_u32(&s, &more))
			return false;
	/* A field is aligned to its own size: the time stamp to 8, behind words of 4. */
	if (present & PRESENT_TSFT && !slice_skip(&s, s.n % 8 == header.n % 8 ? 8 : 12))
		return false;
	return !(present & PRESENT_FLAGS) || slice_u8(&s, flags);
}

/* https://www.radiotap.org, integers little-endian
 *   uint8 version, pad;
 *   uint16 length;
 *   uint32 present[]; (as long as bit 31 is set)
 *   opaque fields[]; */
enum dis
wifi_radiotap(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in, header = {0};
	uint8_t version, low, high, flags;
	size_t length;
	enum dis got;

	NEED(slice_u8(&s, &version), version == 0, "radiotap.version");
	NEED(slice_skip(&s, 1), true, "radiotap.pad");
	NEED(slice_u8(&s, &low), true, "radiotap.length");
	NEED(slice_u8(&s, &high), true, "radiotap.length");
	length = (size_t)high << 8 | low;
	s = *in;
	NEED(slice_take(&s, length, &header), radiotap_flags(header, &flags), "radiotap.present");
	got = data_frame(&s, flags & FLAG_PADDED, out, next, at);
	if (got != DIS_OK) {
		at->off += length;
		return got;
	}
	/* What the radio received damaged is not what was sent. */
	if (flags & FLAG_BAD_FCS)
		*next = ETHERTYPE_NONE;
	*in = s;
	return DIS_OK;
}
