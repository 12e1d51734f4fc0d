/* Certificate, CertificateRequest and the curve of ServerKeyExchange, up to TLS 1.2. */
#include "certificate.h"

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. */
#define NEED(read, valid, name)                                              \
	do {                                                                 \
		size_t off_ = body.n - s.n;                                  \
		bool there_ = (read);                                        \
		if (!there_ || !(valid)) {                                   \
			*at = (struct dis_at){.field = (name), .off = off_}; \
			return there_ ? DIS_BAD : DIS_MORE;                  \
		}                                                            \
	} while (0)

enum curve_type { CURVE_EXPLICIT_PRIME = 1, CURVE_EXPLICIT_CHAR2 = 2, CURVE_NAMED = 3 };

/* struct {
 *     ASN.1Cert certificate_list<0..2^24-1>;
 * } Certificate; */
enum dis
certificate_list(struct slice body, struct slice *list, struct dis_at *at)
{
	struct slice s = body, certificates;

	NEED(slice_vec(&s, 3, &certificates), true, "certificate.certificate_list");
	NEED(true, s.n == 0, "certificate.end");
	*list = certificates;
	return DIS_OK;
}

/* opaque ASN.1Cert<1..2^24-1>; */
enum dis
certificate_next(struct slice *list, struct slice *der, struct dis_at *at)
{
	const struct slice body = *list;
	struct slice s = body, certificate;

	NEED(slice_vec(&s, 3, &certificate), certificate.n > 0, "certificate_list.certificate");
	*list = s;
	*der = certificate;
	return DIS_OK;
}

/* struct {
 *     ClientCertificateType certificate_types<1..2^8-1>;
 *     SignatureAndHashAlgorithm supported_signature_algorithms<2..2^16-2>;     from TLS 1.2 on
 *     DistinguishedName certificate_authorities<0..2^16-1>;
 * } CertificateRequest; */
enum dis
certificate_request(struct slice body, bool tls12, struct certificate_request *out,
		    struct dis_at *at)
{
	struct certificate_request r = {0};
	struct slice s = body;

	NEED(slice_vec(&s, 1, &r.types), true, "certificate_request.certificate_types");
	if (tls12)
		NEED(slice_vec(&s, 2, &r.signatures), r.signatures.n % 2 == 0,
		     "certificate_request.supported_signature_algorithms");
	NEED(slice_vec(&s, 2, &r.authorities), true, "certificate_request.certificate_authorities");
	NEED(true, s.n == 0, "certificate_request.end");
	*out = r;
	return DIS_OK;
}

/* opaque DistinguishedName<1..2^16-1>; */
enum dis
authority_next(struct slice *authorities, struct slice *name, struct dis_at *at)
{
	const struct slice body = *authorities;
	struct slice s = body, authority;

	NEED(slice_vec(&s, 2, &authority), authority.n > 0,
	     "certificate_authorities.distinguished_name");
	*authorities = s;
	*name = authority;
	return DIS_OK;
}

/* struct {
 *     ECCurveType curve_type;
 *     NamedCurve namedcurve;                        an explicit curve has its parameters here
 *     opaque point<1..2^8-1>;
 *     ...                                           and a signature, where the suite has one
 * } ServerECDHParams; */
enum dis
server_key_exchange_curve(struct slice body, struct ske_curve *out, struct dis_at *at)
{
	struct ske_curve curve = {0};
	struct slice s = body, point;
	uint8_t type;

	NEED(slice_u8(&s, &type), type >= CURVE_EXPLICIT_PRIME && type <= CURVE_NAMED,
	     "server_key_exchange.curve_type");
	if (type == CURVE_NAMED) {
		NEED(slice_u16(&s, &curve.group), true, "server_key_exchange.namedcurve");
		NEED(slice_vec(&s, 1, &point), point.n > 0, "server_key_exchange.point");
	}
	*out = curve;
	return DIS_OK;
}
