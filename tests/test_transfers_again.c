/* Files asked for by TFTP: what comes again, from whichever port and address, and a span port's copies. */
#include "tests/transfers_tape.h"

enum { PORT_2 = 50002, DATA_2 = 40002 };

static void
ask_from(struct transfers_tape *t, uint16_t port, uint32_t server, const char *file)
{
	struct bytes bytes = tape_request(TFTP_RRQ, file, NULL, 0);

	tape_send(t, TAPE_PHONE, port, server, TFTP_PORT, &bytes);
}

static void
block_from(struct transfers_tape *t, uint32_t server, uint16_t server_port, uint16_t port, uint64_t block)
{
	struct bytes bytes = tape_data(block, TFTP_BLOCK_SIZE, TAPE_CONFIG_SIZE);

	tape_send(t, server, server_port, TAPE_PHONE, port, &bytes);
}

static void
ack_to(struct transfers_tape *t, uint16_t port, uint32_t server, uint16_t server_port, uint64_t block)
{
	struct bytes bytes = tape_short(TFTP_ACK, block);

	tape_send(t, TAPE_PHONE, port, server, server_port, &bytes);
}

/* Blocks from this one on, each with its ACK. */
static void
rest_from(struct transfers_tape *t, uint16_t server_port, uint16_t port, uint64_t block)
{
	for (; block <= 3; block++) {
		block_from(t, TAPE_SERVER, server_port, port, block);
		ack_to(t, port, TAPE_SERVER, server_port, block);
	}
}

static void
check_whole(const struct transfers_tape *t, size_t asked, uint64_t repeats, uint16_t data_port)
{
	const struct transfer *transfer = tape_only(t);

	tape_check(transfer, TRANSFER_DONE, TAPE_CONFIG_SIZE);
	tape_check_content(transfer, TAPE_CONFIG_SIZE, false);
	assert_int_equal(transfer->asked.n, asked);
	assert_int_equal(transfer->repeats, repeats);
	assert_int_equal(transfer->data_port, data_port);
}

static void
a_request_again_from_its_port(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	for (unsigned i = 0; i < 3; i++)
		tape_ask(&t, TAPE_CONFIG);
	tape_block(&t, 1);
	tape_ask(&t, TAPE_CONFIG); /* they crossed */
	ack_to(&t, TAPE_PORT, TAPE_SERVER, TAPE_DATA, 1);
	rest_from(&t, TAPE_DATA, TAPE_PORT, 2);
	check_whole(&t, 3, 0, TAPE_DATA);
	assert_int_equal(tape_only(&t)->asked.frames[0], 2);
	assert_int_equal(tape_only(&t)->asked.last.frame, 5);
	tape_end(&t);
}

static void
a_request_again_from_another_port(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	tape_wait(&t, 10);
	ask_from(&t, PORT_2, TAPE_SERVER, TAPE_CONFIG);
	block_from(&t, TAPE_SERVER, TAPE_DATA, TAPE_PORT, 1); /* too late: nobody listens there */
	assert_false(t.ours);
	rest_from(&t, TAPE_DATA, PORT_2, 1);
	check_whole(&t, 1, 0, TAPE_DATA);
	assert_int_equal(t.tape.events[0]->client.port, PORT_2);
	tape_end(&t);
}

/* Of another file, to another server, by another phone, or once there is an answer: that is no repeat. */
static void
what_is_another_transfer(void **state)
{
	struct transfers_tape t;
	struct bytes read = tape_request(TFTP_RRQ, TAPE_CONFIG, NULL, 0),
		     write = tape_request(TFTP_WRQ, TAPE_CONFIG, NULL, 0);

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	ask_from(&t, PORT_2, TAPE_SERVER, "CTLFile.tlv");
	ask_from(&t, PORT_2, TAPE_OTHER, TAPE_CONFIG);
	tape_send(&t, TAPE_OTHER, TAPE_PORT, TAPE_SERVER, TFTP_PORT, &read);
	tape_send(&t, TAPE_PHONE, PORT_2 + 1, TAPE_SERVER, TFTP_PORT, &write);
	tape_block(&t, 1);
	ask_from(&t, PORT_2 + 2, TAPE_SERVER, TAPE_CONFIG);
	tape_finish(&t);
	assert_int_equal(t.tape.n, 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(tape_transfer(&t, i)->asked.n, 0);
	tape_end(&t);
}

/* The server answers both requests; the phone takes one answer and refuses the other. */
static void
two_answers(void **state)
{
	struct bytes refusal = tape_error(5, "who are you?");

	(void)state;
	for (unsigned first = 0; first < 2; first++) { /* it takes the later or the first one */
		const uint16_t taken = first ? TAPE_DATA : DATA_2, left = first ? DATA_2 : TAPE_DATA;
		struct transfers_tape t;

		tape_begin(&t);
		tape_ask(&t, TAPE_CONFIG);
		tape_ask(&t, TAPE_CONFIG);
		block_from(&t, TAPE_SERVER, TAPE_DATA, TAPE_PORT, 1);
		block_from(&t, TAPE_SERVER, DATA_2, TAPE_PORT, 1);
		ack_to(&t, TAPE_PORT, TAPE_SERVER, taken, 1);
		tape_from_phone(&t, left, &refusal);
		block_from(&t, TAPE_SERVER, left, TAPE_PORT, 1);
		rest_from(&t, taken, TAPE_PORT, 2);
		check_whole(&t, 1, 1, taken);
		tape_end(&t);
	}
}

/* A phone begins once more, and the server from another port, and from a third one. */
static void
begin_again(struct transfers_tape *t)
{
	tape_begin(t);
	tape_ask(t, TAPE_CONFIG);
	for (uint64_t block = 1; block <= 2; block++) {
		struct bytes bytes = tape_data(block, TFTP_BLOCK_SIZE, 5000);

		tape_from_server(t, &bytes);
		tape_ack(t, block);
	}
	tape_wait(t, 30);
	tape_ask(t, TAPE_CONFIG);
	block_from(t, TAPE_SERVER, DATA_2, TAPE_PORT, 1);
	block_from(t, TAPE_SERVER, DATA_2 + 1, TAPE_PORT, 1);
}

static void
all_over_again(void **state)
{
	struct transfers_tape t;

	(void)state;
	begin_again(&t);
	ack_to(&t, TAPE_PORT, TAPE_SERVER, DATA_2, 1);
	rest_from(&t, DATA_2, TAPE_PORT, 2);
	check_whole(&t, 1, 1, DATA_2);
	tape_end(&t);
	begin_again(&t);
	tape_finish(&t);
	tape_check(tape_only(&t), TRANSFER_INCOMPLETE, 512);
	assert_int_equal(tape_only(&t)->data_port, DATA_2);
	tape_end(&t);
}

/* Its options are what was asked for, until the server says otherwise. */
static void
all_over_again_with_options(void **state)
{
	struct transfers_tape t;
	struct bytes block = tape_data(1, 1000, 5000), only = tape_data(1, 1000, 700);

	(void)state;
	tape_begin(&t);
	for (unsigned i = 0; i < 2; i++) {
		const uint16_t server_port = i == 0 ? TAPE_DATA : DATA_2;

		TAPE_ASK_WITH(&t, TFTP_RRQ, "blksize\0" "1000");
		tape_send(&t, TAPE_SERVER, server_port, TAPE_PHONE, TAPE_PORT, i == 0 ? &block : &only);
		ack_to(&t, TAPE_PORT, TAPE_SERVER, server_port, 1);
	}
	tape_finish(&t);
	tape_check(tape_only(&t), TRANSFER_DONE, 700);
	tape_check_content(tape_only(&t), 700, false);
	tape_end(&t);
}

static void
blocks_again(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	tape_block(&t, 1);
	tape_block(&t, 1); /* the ACK was lost */
	tape_ack(&t, 1);
	tape_ack(&t, 1); /* the block was lost */
	tape_block(&t, 2);
	tape_ack(&t, 2);
	tape_block(&t, 2);
	tape_block(&t, 3);
	tape_block(&t, 3);
	tape_ack(&t, 3);
	check_whole(&t, 0, 3, TAPE_DATA);
	tape_end(&t);
}

/* The last block again and again: a phone that was heard before has gone. */
static void
the_last_block_is_not_taken(void **state)
{
	(void)state;
	for (unsigned heard = 0; heard < 2; heard++) {
		struct transfers_tape t;

		tape_begin(&t);
		tape_ask(&t, TAPE_CONFIG);
		for (uint64_t block = 1; block <= 3; block++) {
			tape_block(&t, block);
			if (heard && block < 3)
				tape_ack(&t, block);
		}
		tape_block(&t, 3);
		tape_wait(&t, LIMIT_TRANSFER_SECONDS + 1);
		tape_check(tape_only(&t), heard ? TRANSFER_BROKEN : TRANSFER_DONE, TAPE_CONFIG_SIZE);
		tape_check_content(tape_only(&t), TAPE_CONFIG_SIZE, heard);
		tape_end(&t);
	}
}

/* Every frame twice, tagged and untagged: nobody repeats anything. */
static void
a_span_port_shows_all_twice(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	t.ms = 0;
	for (unsigned copy = 0; copy < 2; copy++)
		tape_ask(&t, TAPE_CONFIG);
	for (uint64_t block = 1; block <= 3; block++) {
		t.tape.now.us += 2000;
		for (unsigned copy = 0; copy < 2; copy++, t.tape.now.us += LIMIT_SPAN_COPY_MICROSECONDS - 1)
			tape_block(&t, block);
		t.tape.now.us += 2000;
		for (unsigned copy = 0; copy < 2; copy++)
			tape_ack(&t, block);
	}
	check_whole(&t, 0, 0, TAPE_DATA);
	assert_int_equal(t.tape.events[0]->last.frame, 13);
	tape_end(&t);
}

/* Not a copy: after longer, from another port, at an earlier time. */
static void
what_is_no_span_copy(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	t.ms = 0;
	tape_ask(&t, TAPE_CONFIG);
	ask_from(&t, PORT_2, TAPE_SERVER, TAPE_CONFIG);
	t.tape.now.us -= 5000;
	ask_from(&t, PORT_2, TAPE_SERVER, TAPE_CONFIG);
	t.tape.now.us += LIMIT_SPAN_COPY_MICROSECONDS;
	ask_from(&t, PORT_2, TAPE_SERVER, TAPE_CONFIG);
	block_from(&t, TAPE_SERVER, TAPE_DATA, PORT_2, 1);
	t.tape.now.us += LIMIT_SPAN_COPY_MICROSECONDS;
	block_from(&t, TAPE_SERVER, TAPE_DATA, PORT_2, 1);
	t.tape.now.us -= 5000;
	block_from(&t, TAPE_SERVER, TAPE_DATA, PORT_2, 1);
	rest_from(&t, TAPE_DATA, PORT_2, 2);
	check_whole(&t, 3, 2, TAPE_DATA);
	tape_end(&t);
}

/* A server with two addresses, or one that was asked by broadcast. */
static void
an_answer_from_another_address(void **state)
{
	struct transfers_tape t;
	struct bytes stray = tape_data(3, TFTP_BLOCK_SIZE, 1500);

	(void)state;
	tape_begin(&t);
	ask_from(&t, TAPE_PORT, 0xffffffff, TAPE_CONFIG);
	for (uint64_t block = 1; block <= 3; block++) {
		block_from(&t, TAPE_SERVER, TAPE_DATA, TAPE_PORT, block);
		assert_true(t.ours);
		tape_send(&t, TAPE_OTHER, TAPE_DATA, TAPE_PHONE, TAPE_PORT, &stray);
		assert_false(t.ours);
		tape_ack(&t, block);
	}
	check_whole(&t, 0, 0, TAPE_DATA);
	story_assert_ip(&t.tape.events[0]->server.ip, 0xffffffff);
	tape_end(&t);
}

/* Where two requests of one port wait for it, whose it is cannot be told. */
static void
an_answer_from_another_address_to_either(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	ask_from(&t, TAPE_PORT, TAPE_SERVER, TAPE_CONFIG);
	ask_from(&t, TAPE_PORT, TAPE_OTHER, TAPE_CONFIG);
	block_from(&t, 0x0a000009, TAPE_DATA, TAPE_PORT, 1);
	assert_false(t.ours);
	block_from(&t, TAPE_OTHER, TAPE_DATA, TAPE_PORT, 1);
	assert_true(t.ours);
	block_from(&t, 0x0a000009, TAPE_DATA, TAPE_PORT, 1);
	assert_true(t.ours);
	tape_finish(&t);
	assert_int_equal(t.tape.n, 2);
	tape_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_again_from_its_port),
		cmocka_unit_test(a_request_again_from_another_port),
		cmocka_unit_test(what_is_another_transfer),
		cmocka_unit_test(two_answers),
		cmocka_unit_test(all_over_again),
		cmocka_unit_test(all_over_again_with_options),
		cmocka_unit_test(blocks_again),
		cmocka_unit_test(the_last_block_is_not_taken),
		cmocka_unit_test(a_span_port_shows_all_twice),
		cmocka_unit_test(what_is_no_span_copy),
		cmocka_unit_test(an_answer_from_another_address),
		cmocka_unit_test(an_answer_from_another_address_to_either),
	};

	return cmocka_run_group_tests_name("transfers, again", tests, NULL, NULL);
}
