/* Switches that make a subject misbehave as a program, to test whoever drives it. `--crash-at 3`
   crashes at the third call, message or advance of a run; `--crash-at hello` and `--crash-at reset`
   at those requests. */
#ifndef MISCHIEF_H
#define MISCHIEF_H

#include <stdbool.h>

enum mischief_kind { CRASH, EXIT, HANG, GARBAGE, FLOOD, TWICE, mischief_kinds };

struct mischief {
  /* 0 for never, -1 for hello, -2 for reset. */
  long moments[mischief_kinds];
  long now, steps;
  bool changes_its_mind;
};

extern const char mischief_options[];

/* How many arguments the option takes: 0 if it is not one of these. */
int mischief_option(struct mischief *mischief, const char *option, const char *value);

/* Notes that this request is to be answered; whether there is something to do instead. */
bool mischief_before(struct mischief *mischief, const char *type);

/* Does it. */
void mischief_instead(struct mischief *mischief);

bool mischief_is_time(const struct mischief *mischief, enum mischief_kind kind);

#endif
