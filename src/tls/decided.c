/* Handshakes that are decided and not over. */
#include <stdlib.h>

#include "session_room.h"

void
decided_remove(struct decided *decided, struct session *session)
{
	if (session->decided == NULL)
		return;
	*session->decided = NULL;
	session->decided = NULL;
	decided->n--;
}

void
decided_add(struct decided *decided, struct session *session)
{
	struct session **place = &decided->list[decided->next];

	if (session->decided != NULL)
		return;
	if (*place != NULL)
		decided_remove(decided, *place);
	*place = session;
	session->decided = place;
	decided->next = (decided->next + 1) % LIMIT_DECIDED;
	decided->n++;
	decided->news = true;
}

void
decided_copies_clear(struct decided_copies *copies)
{
	while (copies->n > 0)
		free(copies->list[--copies->n].missing);
}
