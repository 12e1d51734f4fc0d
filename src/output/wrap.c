/* Text for people, word by word. */
#include "wrap.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "text.h"

enum { LABEL_INDENT = 2, LABEL_WIDTH = 8, CONTINUED = 2 };
enum { UTF8_MOST = 4, WORD_SLACK = UTF8_MOST * sizeof "\\xHH" };

void
wrap_begin(struct wrap *wrap, FILE *to, bool styled)
{
	*wrap = (struct wrap){.to = to, .styled = styled, .apart = true};
}

static void
pad(struct wrap *wrap, unsigned column)
{
	fprintf(wrap->to, "%*s", (int)(column - wrap->column), "");
	wrap->column = column;
}

/* Hands the word so far to the line. A line is broken only where there was a blank; blanks are
 * written only where a word follows, so no line ends in one. */
static void
end_word(struct wrap *wrap)
{
	if (wrap->n == 0)
		return;
	if (wrap->column < wrap->start) {
		pad(wrap, wrap->start);
	} else if (wrap->blank && wrap->column + 1 + wrap->width > WRAP_COLUMNS) {
		putc('\n', wrap->to);
		wrap->column = 0;
		pad(wrap, wrap->indent);
	} else if (wrap->blank) {
		pad(wrap, wrap->column + 1);
	}
	fwrite(wrap->word, 1, wrap->n, wrap->to);
	wrap->column += wrap->width;
	wrap->blank = false;
	wrap->n = 0;
	wrap->width = 0;
}

void
wrap_style(struct wrap *wrap, enum wrap_style style)
{
	static const char *const codes[] = {
		[WRAP_PLAIN] = "\033[0m",     [WRAP_BOLD] = "\033[1m",	  [WRAP_RED] = "\033[1;31m",
		[WRAP_YELLOW] = "\033[1;33m", [WRAP_CYAN] = "\033[1;36m",
	};

	end_word(wrap);
	if (wrap->styled)
		fputs(codes[style], wrap->to);
}

void
wrap_line(struct wrap *wrap)
{
	wrap->start = 0;
	wrap->indent = CONTINUED;
	wrap->column = 0;
	wrap->blank = false;
}

void
wrap_label(struct wrap *wrap, const char *label, enum wrap_style style)
{
	wrap_line(wrap);
	wrap->start = wrap->indent = LABEL_INDENT + LABEL_WIDTH + 1;
	if (*label == '\0')
		return;
	pad(wrap, LABEL_INDENT);
	if (style != WRAP_PLAIN)
		wrap_style(wrap, style);
	fputs(label, wrap->to);
	wrap->column += (unsigned)strlen(label);
	if (style != WRAP_PLAIN)
		wrap_style(wrap, WRAP_PLAIN);
}

/* Adds the character at the front of text to the word, and gives its length. */
static size_t
add_character(struct wrap *wrap, const char *text)
{
	struct slice rest = slice_of(text, strnlen(text, UTF8_MOST));
	size_t n = rest.n;
	uint32_t character;
	bool good = text_character(&rest, &character);

	n = good ? n - rest.n : 1;
	if (wrap->n + WORD_SLACK > sizeof wrap->word)
		end_word(wrap);
	if (good && !text_is_harmful(character)) {
		memcpy(wrap->word + wrap->n, text, n);
		wrap->n += n;
		wrap->width++;
		return n;
	}
	for (size_t i = 0; i < n; i++) {
		snprintf(wrap->word + wrap->n, sizeof "\\xHH", "\\x%02x",
			 (unsigned)(uint8_t)text[i]);
		wrap->n += strlen("\\xHH");
		wrap->width += (unsigned)strlen("\\xHH");
	}
	return n;
}

void
wrap_text(struct wrap *wrap, const char *text)
{
	while (*text != '\0') {
		if (*text == ' ' || *text == '\n') {
			end_word(wrap);
			wrap->blank = wrap->column > wrap->start;
			text++;
		} else {
			text += add_character(wrap, text);
		}
	}
}

void
wrap_format(struct wrap *wrap, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	wrap_text(wrap, text);
}

void
wrap_whole(struct wrap *wrap, const char *text)
{
	while (*text != '\0')
		text += add_character(wrap, text);
}

void
wrap_hang(struct wrap *wrap)
{
	end_word(wrap);
	wrap->start = wrap->indent = wrap->column;
}

void
wrap_end(struct wrap *wrap)
{
	end_word(wrap);
	putc('\n', wrap->to);
	wrap->apart = false;
}

void
wrap_gap(struct wrap *wrap)
{
	putc('\n', wrap->to);
	wrap->apart = true;
}

void
wrap_apart(struct wrap *wrap)
{
	if (!wrap->apart)
		wrap_gap(wrap);
}
