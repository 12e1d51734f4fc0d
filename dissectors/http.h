/* HTTP/1.x heads: RFC 9112. As lenient as phones and CUCM need (facts sheet cisco-phones, section 3.6). */
#ifndef DISSECTORS_HTTP_H
#define DISSECTORS_HTTP_H

#include "dis.h"
#include "slice.h"

/* Longer heads are given up by those who wait for them. */
#define HTTP_MAX_HEAD 16384

struct http_head {
	bool response;
	struct slice method, target; /* requests */
	uint16_t status;             /* responses */
	struct slice reason;
	struct slice host, content_type, user_agent;
	bool has_length;
	uint64_t length; /* Content-Length */
	bool chunked;    /* Transfer-Encoding ends in chunked */
	bool close;      /* Connection: close, or HTTP/1.0 without keep-alive */
	bool packed;     /* Content-Encoding says that the body is compressed */
};

/* http_opens says whether bytes may begin a request (DIS_OK), may with more bytes, or cannot. */
enum dis http_opens(struct slice bytes);

/* http_head reads a whole head, up to and with its empty line, off the front of in; DIS_MORE while the empty line is
 * missing. Lines end in CRLF or LF; unknown fields are stepped over. */
enum dis http_head(struct slice *in, struct http_head *out, struct dis_at *at);

/* http_chunk reads the line before a chunk of a chunked body, *size being the bytes that follow it and their CRLF. */
enum dis http_chunk(struct slice *in, uint64_t *size, struct dis_at *at);

#endif
