#include "mischief.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char mischief_options[] =
    "--changes-its-mind, --crash-at, --exit-at, --hang-at, --garbage-at, --flood-at, --twice-at N";

static const char *const names[mischief_kinds] = {
    "--crash-at", "--exit-at", "--hang-at", "--garbage-at", "--flood-at", "--twice-at"};

int mischief_option(struct mischief *mischief, const char *option, const char *value) {
  if (strcmp(option, "--changes-its-mind") == 0) {
    mischief->changes_its_mind = true;
    return 1;
  }
  for (int kind = 0; kind < mischief_kinds; kind++) {
    if (strcmp(option, names[kind]) != 0 || !value) continue;
    char *end = NULL;
    long moment = strcmp(value, "hello") == 0   ? -1
                  : strcmp(value, "reset") == 0 ? -2
                                                : strtol(value, &end, 10);
    if (end && (*end || end == value || moment < 1)) return 0;
    mischief->moments[kind] = moment;
    return 2;
  }
  return 0;
}

bool mischief_is_time(const struct mischief *mischief, enum mischief_kind kind) {
  return mischief->moments[kind] != 0 && mischief->moments[kind] == mischief->now;
}

bool mischief_before(struct mischief *mischief, const char *type) {
  bool is_step =
      strcmp(type, "call") == 0 || strcmp(type, "receive") == 0 || strcmp(type, "advance") == 0;
  mischief->steps = is_step ? mischief->steps + 1 : 0;
  mischief->now = is_step                       ? mischief->steps
                  : strcmp(type, "hello") == 0 ? -1
                  : strcmp(type, "reset") == 0 ? -2
                                               : 0;
  for (int kind = 0; kind < TWICE; kind++) {
    if (mischief_is_time(mischief, (enum mischief_kind)kind)) return true;
  }
  return false;
}

void mischief_instead(struct mischief *mischief) {
  if (mischief_is_time(mischief, CRASH)) {
    fprintf(stderr, "about to crash, as asked\n");
    abort();
  }
  if (mischief_is_time(mischief, EXIT)) {
    fprintf(stderr, "about to exit, as asked\n");
    exit(0);
  }
  if (mischief_is_time(mischief, HANG)) {
    fprintf(stderr, "about to hang, as asked\n");
    for (;;) pause();
  }
  if (mischief_is_time(mischief, GARBAGE)) {
    puts("this is not a line of JSON");
    fflush(stdout);
  }
  while (mischief_is_time(mischief, FLOOD)) {
    for (int i = 0; i < 10000; i++) fputs("flood ", stdout);
  }
}
