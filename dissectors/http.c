/* HTTP/1.x heads and chunks, as lenient as those who speak it. */
#include "http.h"

#include "ascii.h"

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. */
#define NEED(read, valid, name)                                              \
	do {                                                                 \
		size_t off_ = in->n - s.n;                                   \
		bool there_ = (read);                                        \
		if (!there_ || !(valid)) {                                   \
			*at = (struct dis_at){.field = (name), .off = off_}; \
			return there_ ? DIS_BAD : DIS_MORE;                  \
		}                                                            \
	} while (0)

/* A head under way: what one field says may be overruled by the next. */
struct reading {
	struct http_head head;
	bool old;               /* HTTP/1.0 */
	bool close, keep_alive; /* Connection */
	bool coded;             /* Transfer-Encoding says how the body ends */
};

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool
ends_in_blank(struct slice s)
{
	uint8_t c;

	return s.n > 0 && slice_peek(s, s.n - 1, &c) && (is_blank(c) || c == '\r' || c == '\n');
}

static struct slice
trim_end(struct slice s)
{
	while (ends_in_blank(s))
		s = slice_first(s, s.n - 1);
	return s;
}

/* trim drops blanks, and the line ends of a folded field, from both ends. */
static struct slice
trim(struct slice s)
{
	while (s.n > 0 && ends_in_blank(slice_first(s, 1)))
		(void)slice_skip(&s, 1);
	return trim_end(s);
}

/* next_word takes what stands before a blank, and drops the blanks around what is left. */
static struct slice
next_word(struct slice *line)
{
	struct slice word = *line;
	uint8_t c;

	for (size_t n = 0; slice_peek(*line, n, &c); n++)
		if (is_blank(c)) {
			(void)slice_take(line, n, &word);
			*line = trim(*line);
			return word;
		}
	(void)slice_skip(line, line->n);
	return word;
}

/* next_element takes one element of a list: RFC 9110 section 5.6.1. */
static bool
next_element(struct slice *list, struct slice *element)
{
	if (list->n == 0)
		return false;
	if (!slice_until(list, ',', element))
		(void)slice_take(list, list->n, element);
	*element = trim(*element);
	return true;
}

/* next_line takes a line without its CRLF or LF. */
static bool
next_line(struct slice *s, struct slice *line)
{
	struct slice l;
	uint8_t c;

	if (!slice_until(s, '\n', &l))
		return false;
	*line = l.n > 0 && slice_peek(l, l.n - 1, &c) && c == '\r' ? slice_first(l, l.n - 1) : l;
	return true;
}

/* next_field takes a field with the lines it is folded over, as they stand, or the empty line. The line behind it must have
 * begun, for it may belong to the field. */
static bool
next_field(struct slice *s, struct slice *field)
{
	struct slice rest = *s, line;
	uint8_t c;

	if (!next_line(&rest, &line))
		return false;
	if (line.n > 0) {
		while (slice_peek(rest, 0, &c) && is_blank(c))
			if (!next_line(&rest, &line))
				return false;
		if (rest.n == 0)
			return false;
		line = slice_first(*s, s->n - rest.n);
	}
	*s = rest;
	*field = line;
	return true;
}

/* HTTP-version = "HTTP/" DIGIT "." DIGIT */
static bool
note_version(struct reading *r, struct slice word)
{
	uint8_t minor;

	if (word.n != 8 || !slice_starts(word, "HTTP/1.", 7) || !slice_peek(word, 7, &minor))
		return false;
	r->old = minor == '0';
	return minor >= '0' && minor <= '9';
}

/* status-line = HTTP-version SP status-code SP [ reason-phrase ] */
static bool
status_line(struct reading *r, struct slice line)
{
	struct slice code;
	uint64_t status;

	if (!note_version(r, next_word(&line)))
		return false;
	code = next_word(&line);
	if (code.n != 3 || !ascii_decimal(code, &status) || status < 100)
		return false;
	r->head.status = (uint16_t)status;
	r->head.reason = line;
	return true;
}

/* request-line = method SP request-target SP HTTP-version
 * A target with blanks in it is none by the RFC, and is read all the same. */
static bool
request_line(struct reading *r, struct slice line)
{
	const size_t version = strlen("HTTP/1.1");
	struct slice target;

	r->head.method = next_word(&line);
	if (r->head.method.n == 0 || line.n < version)
		return false;
	(void)slice_take(&line, line.n - version, &target);
	r->head.target = trim_end(target);
	return ends_in_blank(target) && note_version(r, line);
}

static bool
start_line(struct reading *r, struct slice line)
{
	r->head.response = slice_starts(line, "HTTP/", 5);
	return r->head.response ? status_line(r, line) : request_line(r, line);
}

/* RFC 9112 section 6.3: the same number over and over is one. */
static bool
note_length(struct reading *r, struct slice value)
{
	struct slice element;
	uint64_t length;

	do {
		if (!next_element(&value, &element) || !ascii_decimal(element, &length) ||
		    (r->head.has_length && length != r->head.length))
			return false;
		r->head.has_length = true;
		r->head.length = length;
	} while (value.n > 0);
	return true;
}

static bool
note_transfer_encoding(struct reading *r, struct slice value)
{
	struct slice coding;

	while (next_element(&value, &coding)) {
		if (coding.n == 0 || ascii_is(coding, "identity"))
			continue;
		r->coded = true;
		r->head.chunked = ascii_is(coding, "chunked");
		r->head.packed |= !r->head.chunked;
	}
	return true;
}

static bool
note_content_encoding(struct reading *r, struct slice value)
{
	struct slice coding;

	while (next_element(&value, &coding))
		r->head.packed |= coding.n > 0 && !ascii_is(coding, "identity");
	return true;
}

static bool
note_connection(struct reading *r, struct slice value)
{
	struct slice option;

	while (next_element(&value, &option)) {
		r->close |= ascii_is(option, "close");
		r->keep_alive |= ascii_is(option, "keep-alive");
	}
	return true;
}

/* field-line = field-name ":" OWS field-value OWS
 * A line that is none says nothing. */
static bool
note_field(struct reading *r, struct slice field)
{
	const struct {
		const char *name;
		struct slice *text;
		bool (*note)(struct reading *r, struct slice value);
	} fields[] = {
		{"Host", &r->head.host, NULL},
		{"Content-Type", &r->head.content_type, NULL},
		{"User-Agent", &r->head.user_agent, NULL},
		{"Content-Length", NULL, note_length},
		{"Transfer-Encoding", NULL, note_transfer_encoding},
		{"Content-Encoding", NULL, note_content_encoding},
		{"Connection", NULL, note_connection},
	};
	struct slice name;

	if (!slice_until(&field, ':', &name))
		return true;
	name = trim_end(name);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!ascii_is(name, fields[i].name))
			continue;
		if (fields[i].note != NULL)
			return fields[i].note(r, field);
		if (fields[i].text->n == 0)
			*fields[i].text = trim(field);
	}
	return true;
}

/* RFC 9112 sections 6.3 and 9.3: how long the body is, and whether the connection outlives it. */
static struct http_head
whole_head(const struct reading *r)
{
	struct http_head head = r->head;

	if (r->coded) {
		head.has_length = false;
		head.length = 0;
	}
	head.close = r->close || (r->old && !r->keep_alive);
	return head;
}

enum dis
http_opens(struct slice bytes)
{
	static const char *const openings[] = {"GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "DELETE "};

	uint8_t first;

	if (!slice_peek(bytes, 0, &first))
		return DIS_MORE;
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		struct slice opening;

		if (first != openings[i][0])
			continue;
		opening = slice_of(openings[i], strlen(openings[i]));
		if (slice_starts(bytes, opening.p, opening.n))
			return DIS_OK;
		if (slice_starts(opening, bytes.p, bytes.n))
			return DIS_MORE;
	}
	return DIS_BAD;
}

/* HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ] */
enum dis
http_head(struct slice *in, struct http_head *out, struct dis_at *at)
{
	struct reading r = {0};
	struct slice s = *in, line, field;

	do
		NEED(next_line(&s, &line), line.n == 0 || start_line(&r, line), "http.start_line");
	while (line.n == 0);
	do
		NEED(next_field(&s, &field), note_field(&r, field), "http.field");
	while (field.n > 0);
	*out = whole_head(&r);
	*in = s;
	return DIS_OK;
}

/* One digit of chunk-size; false: c is none, or the number has more than 64 bits. */
static bool
add_digit(uint64_t *size, uint8_t c)
{
	uint8_t digit = ascii_lower(c);

	if (digit >= '0' && digit <= '9')
		digit = (uint8_t)(digit - '0');
	else if (digit >= 'a' && digit <= 'f')
		digit = (uint8_t)(digit - 'a' + 10);
	else
		return false;
	if (*size >> 60 != 0)
		return false;
	*size = *size << 4 | digit;
	return true;
}

/* chunk-size = 1*HEXDIG, and what old servers pad it with: blanks; behind it [ chunk-ext ] */
static bool
chunk_size(struct slice line, uint64_t *size)
{
	struct slice digits = line;
	uint64_t n = 0;
	uint8_t c;

	(void)slice_until(&line, ';', &digits);
	digits = trim(digits);
	if (digits.n == 0)
		return false;
	while (slice_u8(&digits, &c))
		if (!add_digit(&n, c))
			return false;
	*size = n;
	return true;
}

/* chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF */
enum dis
http_chunk(struct slice *in, uint64_t *size, struct dis_at *at)
{
	struct slice s = *in, line;
	uint64_t n = 0;

	NEED(next_line(&s, &line), line.n == 0 || chunk_size(line, &n), "http.chunk_size");
	if (line.n == 0)
		NEED(next_line(&s, &line), chunk_size(line, &n), "http.chunk_size");
	*size = n;
	*in = s;
	return DIS_OK;
}

/* trailer-section = *( field-line CRLF ) */
enum dis
http_trailer(struct slice *in, struct dis_at *at)
{
	struct slice s = *in, line;

	do
		NEED(next_line(&s, &line), true, "http.trailer");
	while (line.n > 0);
	*in = s;
	return DIS_OK;
}
