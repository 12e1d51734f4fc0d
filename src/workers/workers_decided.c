/* Handshakes that are decided and not over, of several processes. */
#include "workers_room.h"

static void
forget(struct hand *hand, size_t i)
{
	hand->decided_weight -= handshake_certs_weight(hand->decided[i]);
	handshake_free(hand->decided[i]);
	hand->decided[i] = hand->decided[--hand->n_decided];
}

void
workers_forget_all_decided(struct hand *hand)
{
	while (hand->n_decided > 0)
		forget(hand, hand->n_decided - 1);
}

void
workers_forget_decided(struct hand *hand, uint32_t id)
{
	for (size_t i = 0; i < hand->n_decided; i++)
		if (hand->decided[i]->id == id) {
			forget(hand, i);
			return;
		}
}

void
workers_take_decided(struct workers *workers, struct hand *hand, struct cert_store *certs)
{
	bool anew;
	struct handshake *handshake = listener_decided(&hand->listener, certs, &workers->words, &anew);

	if (handshake == NULL)
		return;
	if (anew)
		workers_forget_all_decided(hand);
	workers_forget_decided(hand, handshake->id);
	if (hand->n_decided == LIMIT_DECIDED) {
		handshake_free(handshake);
		return;
	}
	hand->decided[hand->n_decided++] = handshake;
	hand->decided_weight += handshake_certs_weight(handshake);
}

size_t
workers_decided_weight(const struct workers *workers)
{
	size_t weight = 0;

	for (unsigned i = 0; i < workers->n; i++)
		weight += workers->hands[i].decided_weight;
	return weight;
}

void
workers_copy_decided(const struct workers *workers, struct decided_copies *out)
{
	out->n = 0;
	for (unsigned i = 0; i < workers->n; i++)
		for (size_t n = 0; n < workers->hands[i].n_decided && out->n < LIMIT_DECIDED; n++)
			out->list[out->n++] = *workers->hands[i].decided[n];
}
