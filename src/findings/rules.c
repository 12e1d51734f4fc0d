/* The table of rules: a new finding is a row here and a judging function in a judge_*.c. Causes stand before their
 * consequences. Grounds: the project's fact sheets, and Cisco's troubleshooting guides for VPN phones. */
#include "judge.h"

#define LINES(...) (const char *const[]){__VA_ARGS__, NULL}
#define NO_LINES (const char *const[]){NULL}

/* Patience, in seconds: a file may come in another form or by another transport; a phone tries another name, address or
 * gateway after failConnectTime, 30 s; who somebody is CDP tells every minute. */
#define A_FILE 60
#define ANOTHER_WAY 60
#define A_NAME 90

const struct rule rules[] = {
	{
		.id = "no-tftp-server",
		.severity = SEVERITY_WARNING,
		.title = "The network gave the phone no TFTP server",
		.explanation = "A phone fetches its configuration from the server that DHCP names in option 150 or 66. Without it the phone "
			       "keeps the configuration it has, and a new certificate hash never reaches it. A phone behind a VPN has "
			       "to have it by hand: an ASA cannot hand out option 150.",
		.decided = "The last ACK that gave the phone its address, not one that only prolonged it, has neither option 150 nor 66 nor "
			   "another boot server, and no file was asked for after it. Proven after 30 s, likely before. Only info "
			   "where the phone's VPN came up all the same.",
		.remedy = LINES("ip dhcp pool <pool>", " option 150 ip <TFTP server>",
				"(behind the VPN: on the phone, Settings, Network, IPv4: Alternate TFTP On, TFTP Server 1 "
				"<TFTP server, as the tunnel reaches it>)"),
		.references = NO_LINES,
		.patience = PATIENCE_REPORT,
		.judge_phone = judge_no_tftp_server,
	},
	{
		.id = "tftp-not-found",
		.severity = SEVERITY_WARNING,
		.title = "The TFTP server refuses the phone's file",
		.explanation = "The phone asked for a file by its own name, and the server does not have it, or does not give it (the phone shows "
			       "\"File Not Found\" or \"TFTP Error\"). Without SEP<MAC>.cnf.xml it is not registered in this CUCM, or it asks the "
			       "wrong server. A missing CTL is normal where the cluster is not secure.",
		.decided = "A TFTP ERROR for SEP<MAC>.cnf.xml, with .sgn or .enc.sgn or without, or for a CTL or ITL file, and none of "
			   "that kind came later by any transport. A warning for the configuration, info for trust lists.",
		.remedy = LINES("show run | include tftp-server",
				"(CUCM: is the device there, with this MAC address? Serviceability, Control Center: restart Cisco Tftp "
				"on the node that the phone asks)"),
		.references = NO_LINES,
		.patience = A_FILE,
		.judge_phone = judge_tftp_not_found,
	},
	{
		.id = "http-not-found",
		.severity = SEVERITY_WARNING,
		.title = "The HTTP server refuses the phone's file",
		.explanation = "Newer phones ask by HTTP on port 6970 first, and then by TFTP. Neither brought this file.",
		.decided = "A status of 400 or above for SEP<MAC>.cnf.xml, with .sgn or .enc.sgn or without, or for a CTL or ITL file, "
			   "and none of that kind came later by any transport. A warning for the configuration, info for trust "
			   "lists.",
		.remedy = LINES("(CUCM: is the device there, with this MAC address? Serviceability, Control Center: restart Cisco Tftp "
				"on the node that the phone asks)"),
		.references = NO_LINES,
		.patience = A_FILE,
		.judge_phone = judge_http_not_found,
	},
	{
		.id = "tftp-timeout",
		.severity = SEVERITY_WARNING,
		.title = "The phone's file does not come by TFTP",
		.explanation = "The phone asked for its file, and nothing or not all of it came (it shows \"TFTP Timeout\"). The server is down or "
			       "not the right one, or a firewall lets the request through and not the data, which comes from another "
			       "port than 69.",
		.decided = "A request for SEP<MAC>.cnf.xml, a CTL or an ITL without an answer, or a transfer that stopped, and none of that "
			   "kind came later by any transport. Proven where the phone asked again or ICMP says so, likely else. Not "
			   "raised for a request in the last seconds of a capture. A warning for the configuration, info for trust "
			   "lists.",
		.remedy = LINES("show conn address <phone> port 69", "inspect tftp", "ping <TFTP server>",
				"(the data comes from a port above 1023: a firewall needs TFTP inspection)"),
		.references = NO_LINES,
		.patience = A_FILE,
		.judge_phone = judge_tftp_timeout,
	},
	{
		.id = "http-timeout",
		.severity = SEVERITY_WARNING,
		.title = "The phone's file does not come by HTTP",
		.explanation = "The phone asked for its file, and nothing or not all of it came, nor did it come by TFTP later.",
		.decided = "A request for SEP<MAC>.cnf.xml, a CTL or an ITL without an answer, or an answer that ends before the length that it "
			   "named, and none of that kind came later by any transport. Proven where the phone asked again, likely else. A "
			   "warning for the configuration, info for trust lists.",
		.remedy = LINES("show conn address <phone> port 6970",
				"(CUCM: Serviceability, Control Center: restart Cisco Tftp on the node that the phone asks)"),
		.references = NO_LINES,
		.patience = A_FILE,
		.judge_phone = judge_http_timeout,
	},
	{
		.id = "config-unreadable",
		.severity = SEVERITY_WARNING,
		.title = "What the phone got is no configuration",
		.explanation = "A file came under the name of the phone's configuration, and it is none: empty, an error page of a captive portal "
			       "or of a proxy, or another file. The phone keeps what it had.",
		.decided = "A transfer of SEP<MAC>.cnf.xml that came whole, is not encrypted, and has no <device> in it.",
		.remedy = LINES("handspan <capture> --export DIR", "(and look at what came; is there a portal or a proxy in between?)"),
		.references = NO_LINES,
		.judge_phone = judge_config_unreadable,
	},
	{
		.id = "signature-wrong",
		.severity = SEVERITY_WARNING,
		.title = "The file's signature is wrong",
		.explanation = "The phone takes a signed file only when its signature fits the certificate of the server in its trust list. This "
			       "one does not: the phone keeps what it had. The file was changed on its way or after it was signed.",
		.decided = "The signer's certificate is in a trust list on this wire or given by --trust-list, and the signature does not "
			   "fit it. Not judged where the file is not whole.",
		.remedy = LINES("(CUCM: restart Cisco Tftp and Cisco Trust Verification Service, then reset the phone)"),
		.references = NO_LINES,
		.patience = A_FILE,
		.judge_phone = judge_signature_wrong,
	},
	{
		.id = "ctl-missing",
		.severity = SEVERITY_WARNING,
		.title = "There is no CTL file on the TFTP server",
		.explanation = "Unity Connection takes the CallManager certificate out of CTLFile.tlv. Where there is none, the cluster is not in "
			       "mixed mode, or the wrong TFTP server was asked, and secure ports do not register.",
		.decided = "An error for CTLFile.tlv, and no CTL later.",
		.remedy = LINES("utils ctl set-cluster mixed-mode", "show ctl",
				"(Unity Connection, Port Group, Edit, Servers: the TFTP server)"),
		.references = NO_LINES,
		.patience = A_FILE,
		.judge_phone = judge_ctl_missing,
	},
	{
		.id = "no-vpn-group",
		.severity = SEVERITY_INFO,
		.title = "The phone's configuration has no VPN",
		.explanation = "There is no <vpnGroup> in it: the Common Phone Profile has no VPN group, or the profile is not this phone's, or "
			       "the phone was not reset since.",
		.decided = "The last configuration that the phone got on this wire, or else the one given, is whole and has no <vpnGroup>.",
		.remedy = LINES("(CUCM, Device, Device Settings, Common Phone Profile: VPN Group and VPN Profile; then the phone's own "
				"page: this profile; Apply Config, and reset the phone inside the network)"),
		.references = NO_LINES,
		.patience = A_FILE,
		.judge_phone = judge_no_vpn_group,
	},
	{
		.id = "config-hash-unusable",
		.severity = SEVERITY_WARNING,
		.title = "A certHash in the phone's configuration is no hash",
		.explanation = "The phone compares Base64 of a SHA-1. A hash in hex, as browsers and Wireshark show it, or one that was cut "
			       "fits no certificate ever.",
		.decided = "A certHash in the configuration that is no Base64, or whose bytes are no digest's length; one in hex is named.",
		.remedy = LINES("handspan --hash <certificate or hash in hex>", "(CME: vpn-trustpoint writes the hash by itself; create cnf-files)"),
		.references = NO_LINES,
		.patience = A_FILE,
		.judge_phone = judge_config_hash_unusable,
	},
	{
		.id = "auto-network-detect",
		.severity = SEVERITY_INFO,
		.title = "The phone takes itself to be at home",
		.explanation = "With autoNetDetect 1 a phone pings its TFTP server, and starts the VPN only when nothing answers.",
		.decided = "autoNetDetect is 1 in its configuration, its ping to its TFTP server was answered, and no handshake with a gateway "
			   "follows.",
		.remedy = LINES("(CUCM, VPN Profile: take the tick off Enable Auto Network Detect; or let the TFTP server be reached "
				"only through the tunnel)"),
		.references = NO_LINES,
		.patience = ANOTHER_WAY,
		.judge_phone = judge_auto_network_detect,
	},
	{
		.id = "dns-failure",
		.severity = SEVERITY_ERROR,
		.title = "The phone cannot find its gateway's address",
		.explanation = "The url in the phone's configuration has a name that DNS does not resolve for it (the phone's log: DnsLookupErr, "
			       "\"url hostname lookup err\"). At home the phone asks the provider's DNS server, which knows no inside "
			       "names.",
		.decided = "The phone's queries for the url's host, or --gateway's, were unanswered for 30 s or to the end, or answered by "
			   "NXDOMAIN, another error or no address, none was answered well, and no connection to it is seen. Likely "
			   "where a single query was silent for less than 30 s, or where no configuration tells the name and unanswered "
			   "queries are all there is of the client. A warning where the phone went on to another gateway.",
		.remedy = LINES("nslookup <host>", "ip dhcp pool <pool>", " dns-server <server that knows the name>",
				"(or give the url with a public name)"),
		.references = NO_LINES,
		.patience = ANOTHER_WAY,
		.judge_phone = judge_dns_failure,
	},
	{
		.id = "gateway-unreachable",
		.severity = SEVERITY_ERROR,
		.title = "The gateway does not take the phone's connection",
		.explanation = "The phone asks for a TCP connection to the gateway of its url, and gets none: a firewall or a provider on the way "
			       "drops or refuses it, the address is wrong, or the gateway's web service is off on that interface.",
		.decided = "SYNs to the address and port of a url in the phone's configuration, or --gateway's, that were repeated without an "
			   "answer, refused by RST, or stopped by ICMP, and no handshake with that server later. A warning where the "
			   "phone went on to another gateway.",
		.remedy = LINES("show run webvpn | include enable", "webvpn", " enable outside", "show conn address <phone> port 443",
				"capture vpn interface outside match tcp host <phone> any eq 443"),
		.references = NO_LINES,
		.patience = ANOTHER_WAY,
		.judge_phone = judge_gateway_unreachable,
	},
	{
		.id = "ec-certificate",
		.severity = SEVERITY_ERROR,
		.title = "The gateway shows an EC certificate where the phone trusts an RSA one",
		.explanation =
			"The phone offered elliptic-curve suites, the gateway chose one that authenticates with ECDSA, and "
			"so it could not show its RSA certificate. An ASA 9.4(1) that has no EC trust-point makes a "
			"temporary self-signed EC certificate for this. Its hash is in no phone's configuration.",
		.decided =
			"The leaf's key is EC, and either the phone's hashes fit no certificate of the chain, or the client "
			"turned away from it and it is self-signed or the same gateway has shown an RSA one. Proven with "
			"the subject \"ASA Temporary Self Signed Certificate\", or with a hash that does not fit and an RSA "
			"certificate seen. Not raised where the client went on.",
		.remedy = LINES("ssl cipher tlsv1.2 custom \"AES256-SHA:AES128-SHA:DHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA\"",
				"ssl cipher dtlsv1 custom \"AES256-SHA:AES128-SHA:DHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA\"",
				"show ssl ciphers",
				"(use the version in the first line that the handshake used; or upgrade to a release with the "
				"fix of CSCuu02848, after which a configured RSA trust-point wins)"),
		.references = LINES("CSCuu02848"),
		.judge = judge_ec_certificate,
	},
	{
		.id = "cert-hash-mismatch",
		.severity = SEVERITY_ERROR,
		.title = "The gateway's certificate is not one that the phone was told to trust",
		.explanation =
			"The phone compares the hash of the gateway's certificate, and of its issuer where that was sent, "
			"with certHash1 to certHash10 of its configuration. None fits, so it ends the handshake, with the "
			"alert unknown_ca or by closing. The certificate was renewed or changed on the gateway, or the wrong "
			"one was uploaded to CUCM, or the phone has not fetched its new configuration inside the network.",
		.decided =
			"Hashes are known (from a configuration or --cert-hash) and no certificate that the server sent has "
			"any of them; 20 bytes are SHA-1, 32 SHA-256, 64 SHA-512. A hit on an issuer is trust. A warning "
			"where the client went on all the same. Where nothing tells which server is the gateway and there "
			"are several, only a client that refused the certificate counts, and the finding is likely.",
		.remedy = LINES("show crypto ca certificates",
				"crypto ca export <trustpoint> identity-certificate",
				"(CUCM, OS Administration, Certificate Management: upload it as Phone-VPN-trust; Advanced Features, "
				"VPN Gateway: add it; then reset the phone while it is inside the network)",
				"(or show the old certificate again: ssl trust-point <trustpoint> outside)"),
		.references = LINES("CSCuh19734", "CSCuo58506"),
		.judge = judge_cert_hash_mismatch,
	},
	{
		.id = "certificate-expired",
		.severity = SEVERITY_ERROR,
		.title = "The gateway's certificate has expired",
		.explanation = "The certificate's last day had passed when it was shown. A phone that pins a hash does not look "
			       "at dates; a client that checks them ends the handshake.",
		.decided = "The leaf's notAfter lies before the packet's time (or --now), or the client's alert is "
			   "certificate_expired. A warning where the client did not turn away. Not judged by a capture whose "
			   "clock is older than its version of TLS.",
		.remedy = LINES("show crypto ca certificates", "crypto ca enroll <trustpoint>", "show clock"),
		.references = NO_LINES,
		.judge = judge_certificate_expired,
	},
	{
		.id = "certificate-not-yet-valid",
		.severity = SEVERITY_ERROR,
		.title = "The gateway's certificate is not valid yet",
		.explanation = "The certificate's first day had not come when it was shown: a clock is wrong, on the gateway "
			       "that made it or where the capture was taken.",
		.decided = "The leaf's notBefore lies behind the packet's time (or --now). A warning where the client did not "
			   "turn away.",
		.remedy = LINES("show clock", "show ntp status"),
		.references = NO_LINES,
		.judge = judge_certificate_not_yet_valid,
	},
	{
		.id = "host-id-mismatch",
		.severity = SEVERITY_ERROR,
		.title = "The certificate does not name the host in the phone's url",
		.explanation = "With enableHostIDCheck 1 the phone compares the url's host with the certificate's names, subjectAltName "
			       "first, then CN. It takes no wildcard: *.vpn.com does not fit test.vpn.com.",
		.decided = "The configuration's url names this gateway, and none of the leaf's names equals its host. An error where "
			   "enableHostIDCheck is 1 and the client did not go on, else info.",
		.remedy = LINES("(CUCM, VPN Profile: take the tick off Enable Host ID Check, or)", "crypto ca trustpoint <trustpoint>",
				" fqdn <host of the url>", " subject-name CN=<host of the url>", "crypto ca enroll <trustpoint>"),
		.references = NO_LINES,
		.yields = true,
		.judge = judge_host_id_mismatch,
	},
	{
		.id = "trust-list-mismatch",
		.severity = SEVERITY_WARNING,
		.title = "The certificate is not in the CTL that was fetched",
		.explanation = "On 5061 and 2443 both sides show certificates, and who fetched a CTL trusts the certificates in it. The one shown is "
			       "not among them: it was renewed and the CTL was not, or the CTL is another cluster's.",
		.decided = "A whole CTL with certificates was fetched on this wire by one side before the other showed its certificate, and "
			   "neither it nor an ITL fetched has it.",
		.remedy = LINES("utils ctl update CTLFile", "show ctl", "(then restart Cisco Tftp and CallManager, and reset who trusts it)"),
		.references = LINES("CSCum48958"),
		.judge = judge_trust_list_mismatch,
	},
	{
		.id = "cuc-trust",
		.severity = SEVERITY_ERROR,
		.title = "Unity Connection does not trust CUCM's certificate",
		.explanation = "Unity Connection takes the CallManager certificate out of the CTL that it fetches by TFTP. It has none, or an old "
			       "one: the TFTP server in its port group is wrong, port 69 is blocked, or the CTL is older than the "
			       "certificate.",
		.decided = "The fatal alert unknown_ca on 5061 or 2443, sent by Unity Connection: who fetched a CTL, else the server. Not "
			   "raised for a phone.",
		.remedy = LINES("show ctl", "utils ctl update CTLFile",
				"(Unity Connection, Port Group, Edit, Servers: the TFTP server; then restart the Conversation Manager, "
				"or delete the port group and make it anew)"),
		.references = LINES("CSCtn87264", "CSCur10758", "CSCur10534", "CSCve47775"),
		.patience = A_NAME,
		.judge = judge_cuc_trust,
	},
	{
		.id = "cucm-trust",
		.severity = SEVERITY_ERROR,
		.title = "CUCM does not trust Unity Connection's certificate",
		.explanation = "Unity Connection's root certificate, or that of its CA, is not in CallManager-trust of this node, or an old one is.",
		.decided = "The fatal alert unknown_ca on 5061 or 2443, sent by CUCM: the side that is not Unity Connection. Not raised for "
			   "a phone.",
		.remedy = LINES("(Unity Connection, Telephony Integrations, Security, Root Certificate: save it)",
				"(CUCM, OS Administration, Certificate Management, on each node that talks to it: upload it as "
				"CallManager-trust; restart CallManager)"),
		.references = NO_LINES,
		.patience = A_NAME,
		.judge = judge_cucm_trust,
	},
	{
		.id = "server-certificate-rejected",
		.severity = SEVERITY_ERROR,
		.title = "The client refused the server's certificate",
		.explanation =
			"The client ended the handshake with an alert about the certificate. unknown_ca: neither the leaf "
			"nor its issuer is trusted; of a VPN gateway no certHash fits, of CUCM no record of the phone's CTL or ITL. bad_certificate: broken, or the name does "
			"not match. certificate_expired, revoked, unsupported, decrypt_error: as they say.",
		.decided = "A fatal alert of the client, 42 to 48 without 47, or 51, behind the server's Certificate or, with "
			   "TLS 1.3, behind the ServerHello, or where the Certificate is not in the capture. Not raised where "
			   "an error above says more. Give --phone-config or --cert-hash to learn whether the hash fits.",
		.remedy = LINES("handspan CAPTURE --phone-config SEP<MAC>.cnf.xml",
				"(a VPN gateway: compare certHash1 with the certificate's SHA-1 in Base64, as shown above)",
				"(CUCM: show ctl, show itl; is this certificate in them? Delete the phone's trust list if not)"),
		.references = NO_LINES,
		.yields = true,
		.judge = judge_server_certificate_rejected,
	},
	{
		.id = "client-certificate-rejected",
		.severity = SEVERITY_ERROR,
		.title = "The server refused the phone's certificate",
		.explanation =
			"The server does not trust the CA that issued the phone's certificate, or the certificate is not "
			"valid. A phone shows its LSC (issued by CUCM's CAPF) when it has one, else its MIC (issued by Cisco "
			"Manufacturing CA, newer ones by Cisco Manufacturing CA SHA2). An ASA must have that CA in a "
			"trust-point of its own, CUCM in CAPF-trust and CallManager-trust.",
		.decided = "A fatal alert of the server, 42 to 48 without 47, or 51, behind the client's Certificate. The CAs "
			   "that the gateway's CertificateRequest names are the expected ones.",
		.remedy = LINES("(on an ASA:)", "crypto ca trustpoint PHONE-CA", " enrollment terminal", " no validation-usage",
				" validation-usage ssl-client", "crypto ca authenticate PHONE-CA",
				"(paste the CA named above: CUCM, OS Administration, Certificate Management, CAPF-trust or "
				"CallManager-trust)"),
		.references = NO_LINES,
		.yields = true,
		.judge = judge_client_certificate_rejected,
	},
	{
		.id = "client-certificate-missing",
		.severity = SEVERITY_ERROR,
		.title = "The gateway asked for a client certificate and got none",
		.explanation = "The tunnel group asks for a certificate, and the phone has none that it may use: its "
			       "configuration says user and password, or no LSC is installed.",
		.decided = "A CertificateRequest answered by an empty Certificate, and a failure from the server; or its alert "
			   "certificate_required. Proven with an alert, likely where the server just closed.",
		.remedy = LINES("show run tunnel-group", "(CUCM, VPN Profile: Client Authentication Method, Certificate; phone: "
							 "install an LSC by CAPF)"),
		.references = NO_LINES,
		.judge = judge_client_certificate_missing,
	},
	{
		.id = "no-shared-cipher",
		.severity = SEVERITY_ERROR,
		.title = "Phone and gateway share no cipher",
		.explanation = "The gateway accepts none of the suites that the phone offers. A 79xx phone offers AES256-SHA and "
			       "AES128-SHA alone; a gateway that was hardened to ECDHE or GCM suites cannot serve it.",
		.decided = "The server's fatal alert handshake_failure or insufficient_security straight behind the ClientHello. "
			   "The suites offered are listed.",
		.remedy = LINES("show ssl ciphers", "ssl cipher tlsv1 custom \"AES256-SHA:AES128-SHA\"",
				"ssl cipher tlsv1.2 custom \"AES256-SHA:AES128-SHA\"",
				"ssl cipher dtlsv1 custom \"AES256-SHA:AES128-SHA\""),
		.references = NO_LINES,
		.judge = judge_no_shared_cipher,
	},
	{
		.id = "protocol-version",
		.severity = SEVERITY_ERROR,
		.title = "Phone and gateway share no version of TLS",
		.explanation = "Older phones speak TLS 1.0 and nothing newer; a gateway that demands TLS 1.2 refuses them.",
		.decided = "The alert protocol_version of either side, or a failed handshake in which the server chose a version "
			   "that was not offered.",
		.remedy = LINES("show run all ssl", "ssl server-version tlsv1 dtlsv1"),
		.references = NO_LINES,
		.judge = judge_protocol_version,
	},
	{
		.id = "dtls-cipher-divergence",
		.severity = SEVERITY_ERROR,
		.title = "TLS and DTLS use different ciphers",
		.explanation =
			"AnyConnect's DTLS resumes a session that was agreed inside TLS. Older phone firmware makes that "
			"session up from the cipher of the TLS connection, then finds that the gateway's DTLS answer names "
			"another one, and refuses it (\"old session cipher not returned\"), or never gets DTLS up. Newer clients "
			"take the cipher from the gateway's X-DTLS-CipherSuite and survive.",
		.decided = "The last TLS ServerHello before the DTLS ClientHello, between the same two addresses, chose another "
			   "suite than the one that DTLS offers. Error, proven: the DTLS answer is in the offer, the session id "
			   "is echoed, and the client sends illegal_parameter. Error, likely: DTLS stays unanswered. Warning: "
			   "DTLS works, or the capture does not show its end.",
		.remedy = LINES("ssl cipher tlsv1.2 custom \"AES256-SHA:AES128-SHA\"", "ssl cipher dtlsv1 custom \"AES256-SHA:AES128-SHA\"",
				"(the same RSA-AES-CBC suite first in both; as a test, no DTLS at all:)",
				"group-policy <policy> attributes", " webvpn", "  anyconnect ssl dtls none",
				"(ocserv: tls-priorities = \"NONE:%SERVER_PRECEDENCE:%COMPAT:+VERS-TLS-ALL:+SIGN-ALL:+COMP-ALL:+RSA:"
				"+SHA1:+AES-256-CBC\")"),
		.references = LINES("CSCuu02848"),
		.judge = judge_dtls_cipher_divergence,
	},
	{
		.id = "dtls-cipher-not-offered",
		.severity = SEVERITY_ERROR,
		.title = "The gateway chose a cipher that the client did not offer",
		.explanation = "A client must refuse that (OpenSSL: \"wrong cipher returned\", with the alert illegal_parameter). The "
			       "gateway is at fault, or something between the two changed a hello.",
		.decided = "The ServerHello's suite is not in the ClientHello's list, in DTLS or in TLS, and the handshake was not "
			   "established.",
		.remedy = LINES("show ssl ciphers", "show version", "(look for a proxy or a load balancer that ends TLS in between)"),
		.references = NO_LINES,
		.judge = judge_cipher_not_offered,
	},
	{
		.id = "dtls-session-not-resumed",
		.severity = SEVERITY_ERROR,
		.title = "The gateway does not know the phone's DTLS session",
		.explanation = "The phone asks for the session that TLS agreed on; the gateway answers with another session id and "
			       "goes on as if it had resumed. The phone expects a whole handshake then, ignores the rest, repeats "
			       "itself and gives up, with no alert. Typical of a cluster or failover pair in which DTLS arrives at "
			       "another member than TLS.",
		.decided = "An AnyConnect-shaped ClientHello with a session id, a ServerHello with another one, hellos repeated, no "
			   "alert, and no encrypted traffic of both sides.",
		.remedy = LINES("show vpn-sessiondb detail anyconnect", "show vpn load-balancing", "show failover",
				"(send UDP 443 and TCP 443 of one client to the same gateway)"),
		.references = NO_LINES,
		.judge = judge_dtls_session_not_resumed,
	},
	{
		.id = "dtls-unanswered",
		.severity = SEVERITY_ERROR,
		.title = "Nothing answers the phone's DTLS",
		.explanation = "The phone's DTLS ClientHellos to UDP 443 get no answer: a firewall or a provider on the way drops them, "
			       "or the gateway has DTLS off on that interface. The tunnel stays on TLS, and calls suffer or the phone "
			       "gives up after failConnectTime (30 s).",
		.decided = "DTLS ClientHellos without any answer though other packets of this gateway are in the capture, or an "
			   "ICMP error about them. A warning, likely, where nothing of the gateway is in the capture at all. Not "
			   "raised for a single hello at the end of a capture.",
		.remedy = LINES("show run webvpn | include dtls|enable", "webvpn", " enable outside", "show conn address <phone> port 443",
				"capture dtls interface outside match udp host <phone> any eq 443"),
		.references = NO_LINES,
		.judge = judge_dtls_unanswered,
	},
	{
		.id = "gateway-changes",
		.severity = SEVERITY_WARNING,
		.title = "The client is sent from one gateway to another",
		.explanation = "Load balancing by redirect (HTTP 302) is not for phones: the second gateway shows another certificate, "
			       "which has to be in the phone's configuration too, and the url must lead straight to the tunnel group.",
		.decided = "One client, with the same offer of ciphers, goes on within 30 s from an established TLS connection to a "
			   "second gateway on the same port that shows another leaf.",
		.remedy = LINES("show vpn load-balancing", "show run tunnel-group | include group-url",
				"(give each phone the url of one gateway, or add the certificates of all of them in CUCM)"),
		.references = NO_LINES,
		.patience = ANOTHER_WAY,
		.judge = judge_gateway_changes,
	},
	{
		.id = "fatal-alert",
		.severity = SEVERITY_ERROR,
		.title = "A fatal alert ended the handshake",
		.explanation = "One side gave up, and none of the other findings explains why. The alert's name and what came just "
			       "before it are the best lead.",
		.decided = "The first fatal alert in clear, unless it was sent behind the other side's close, says no more than "
			   "goodbye, or another error finding covers it.",
		.remedy = LINES("debug webvpn anyconnect 255", "show logging | include 725"),
		.references = NO_LINES,
		.yields = true,
		.judge = judge_fatal_alert,
	},
	{
		.id = "handshake-aborted",
		.severity = SEVERITY_WARNING,
		.title = "The connection ended in the middle of the handshake, without an alert",
		.explanation = "Some programs never send the alert. Where they break off suggests why: behind the ClientHello, no "
			       "shared cipher; behind the server's certificate, a client that pins another one; behind the client's "
			       "certificate, a gateway that does not trust it.",
		.decided = "Reset or close, or in TLS 1.3 an encrypted record of an alert's length, before the handshake was "
			   "established; no fatal alert before it, and no error finding that explains it. An alert sent behind the "
			   "other side's close is a consequence and does not count.",
		.remedy = LINES("show logging | include 725", "handspan CAPTURE --phone-config SEP<MAC>.cnf.xml"),
		.references = NO_LINES,
		.yields = true,
		.judge = judge_handshake_aborted,
	},
	{
		.id = "certificate-expiring",
		.severity = SEVERITY_WARNING,
		.title = "The gateway's certificate expires within 30 days",
		.explanation = "Renew it in time, and bring the new one to the phones before the gateway shows it: they fetch their "
			       "configuration inside the network only. Old and new hash may stand side by side, certHash1 to "
			       "certHash10.",
		.decided = "The leaf's notAfter lies less than 30 days behind the packet's time (or --now).",
		.remedy = LINES("show crypto ca certificates", "crypto ca enroll <trustpoint>"),
		.references = NO_LINES,
		.judge = judge_certificate_expiring,
	},
	{
		.id = "chain-incomplete",
		.severity = SEVERITY_WARNING,
		.title = "The certificate came without that of its issuer",
		.explanation = "A phone that has the hash of the issuer can trust the leaf only when the gateway sends the issuer too.",
		.decided = "The leaf is not self-signed, the whole Certificate message was seen, and no certificate in it has the leaf's "
			   "issuer as its subject.",
		.remedy = LINES("crypto ca authenticate <trustpoint of the issuer>", "show crypto ca certificates"),
		.references = NO_LINES,
		.judge = judge_chain_incomplete,
	},
	{
		.id = "chain-order",
		.severity = SEVERITY_WARNING,
		.title = "The certificates came in the wrong order",
		.explanation = "Each certificate should be followed by that of its issuer (RFC 5246 section 7.4.2); some clients build "
			       "no chain otherwise.",
		.decided = "A certificate's issuer is in the message, but does not stand next behind it.",
		.remedy = LINES("show crypto ca certificates", "(on a proxy or ocserv: leaf first, then its issuer, and so on)"),
		.references = NO_LINES,
		.judge = judge_chain_order,
	},
	{
		.id = "capture-loss",
		.severity = SEVERITY_WARNING,
		.title = "Bytes of a handshake are not in the capture",
		.explanation = "The span port or the capturing machine lost them, or the snap length cut them. What lay in them is unknown: "
			       "findings that it may touch are marked.",
		.decided = "A hole in a stream that the other side acknowledged, or a frame cut by the snap length, inside a handshake.",
		.remedy = LINES("tcpdump -i <interface> -s 0 -B 16384 -w phone.pcap"),
		.references = NO_LINES,
		.judge = judge_capture_loss,
	},
	{
		.id = "certificate-hidden",
		.severity = SEVERITY_INFO,
		.title = "TLS 1.3 hides the certificate",
		.explanation = "From TLS 1.3 on the server encrypts its certificate: whether it fits the phone's hashes cannot be seen here.",
		.decided = "The ServerHello agrees on TLS 1.3, at a gateway or where hashes are known.",
		.remedy = LINES("openssl s_client -connect <gateway>:443 -tls1_2 </dev/null | openssl x509 -outform der -out asa.der",
				"handspan --hash asa.der"),
		.references = LINES("RFC 8446 section 4.4.2"),
		.judge = judge_certificate_hidden,
	},
	{
		.id = "ec-cipher-on-rsa-phone",
		.severity = SEVERITY_INFO,
		.title = "Which certificate the offered ciphers let the gateway choose",
		.explanation =
			"An ASA from 9.4 on picks its certificate by the suites that the client offers. RSA alone: its RSA certificate, "
			"or a self-signed RSA one. EC alone: its EC certificate, and failure if it has only an RSA one. Both: its EC "
			"certificate if it has one, else the RSA one; with none, a self-signed EC one.",
		.decided = "The suites in the ClientHellos to this gateway against the kinds of certificates it showed. Said only where EC "
			   "plays a part.",
		.remedy = LINES("show ssl ciphers", "show run ssl trust-point"),
		.references = LINES("CSCuu02848"),
		.patience = ANOTHER_WAY,
		.judge = judge_ec_cipher_on_rsa_phone,
	},
	{
		.id = "weak-crypto",
		.severity = SEVERITY_INFO,
		.title = "Cryptography that is no longer held to be safe",
		.explanation = "Old phones need some of it; know where it is in use.",
		.decided = "SSLv3 or SSLv2 agreed on, an RC4, 3DES, DES, NULL, export or anonymous suite, an RSA key under 2048 bits, or a "
			   "SHA-1 or MD5 signature on a leaf that is not self-signed.",
		.remedy = LINES("show ssl"),
		.references = NO_LINES,
		.judge = judge_weak_crypto,
	},
	{.id = NULL},
};
