/* HTTP/1.x heads: RFC 9112. As lenient as phones and CUCM need (facts sheet cisco-phones, section 3.6). */
#ifndef DISSECTORS_HTTP_H
#define DISSECTORS_HTTP_H

#include "dis.h"
#include "slice.h"

/* Longer heads are given up by those who wait for them. */
#define HTTP_MAX_HEAD 16384

/* Of host, content_type and user_agent, the first that says anything counts. A value that is folded over lines (RFC 9112
 * section 5.2) has its line ends in it. */
struct http_head {
	bool response;
	struct slice method, target; /* requests */
	uint16_t status;             /* responses */
	struct slice reason;
	struct slice host, content_type, user_agent;
	bool has_length;
	uint64_t length; /* Content-Length; not said where Transfer-Encoding counts instead (RFC 9112 section 6.3) */
	bool chunked;    /* Transfer-Encoding ends in chunked */
	bool close;      /* Connection: close, or HTTP/1.0 without keep-alive */
	bool packed;     /* Content-Encoding or Transfer-Encoding says that the body is compressed */
};

/* http_opens says whether bytes may begin a request (DIS_OK), may with more bytes, or cannot. */
enum dis http_opens(struct slice bytes);

/* http_head reads a whole head, up to and with its empty line, off the front of in; DIS_MORE while the empty line is
 * missing. Lines end in CRLF or LF; unknown fields are stepped over, and so are empty lines before the first. DIS_BAD: the
 * first line is no request's and no response's of HTTP/1.x, or Content-Length is no number, or several. */
enum dis http_head(struct slice *in, struct http_head *out, struct dis_at *at);

/* http_chunk reads the line before a chunk of a chunked body, and first of all the CRLF that ended the chunk before it if
 * that was not read yet; *size bytes of the body follow, and their CRLF. 0: the last chunk, a trailer follows. */
enum dis http_chunk(struct slice *in, uint64_t *size, struct dis_at *at);

/* http_trailer steps over the fields behind the last chunk, up to and with the empty line. */
enum dis http_trailer(struct slice *in, struct dis_at *at);

#endif
