#include "subject.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mischief.h"

int subject_fault = -1;

static struct subject *subject;
static struct mischief mischief;
static int planted = -1;
static bool bare;
static long runs;
static bool has_met;

/* Text that is written later. */
struct text {
  char *bytes;
  size_t length, room;
};

static struct text replies;
/* The objects of `out`, and of `state`, separated by commas. */
static struct text outs, values;
/* Where `put_...` writes, and whether a comma is due. */
static struct text *target = &outs;
static bool needs_comma;

static void add_bytes(struct text *text, const char *bytes, size_t length) {
  if (length == 0) return;
  if (text->length + length > text->room) {
    text->room = 2 * (text->length + length) + 4096;
    text->bytes = realloc(text->bytes, text->room);
    if (!text->bytes) abort();
  }
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
}

static void add(struct text *text, const char *string) { add_bytes(text, string, strlen(string)); }

static void add_integer(struct text *text, int64_t value) {
  char digits[24], *from = digits + sizeof digits;
  uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
  do {
    *--from = (char)('0' + rest % 10);
  } while (rest /= 10);
  if (value < 0) *--from = '-';
  add_bytes(text, from, (size_t)(digits + sizeof digits - from));
}

static void add_time(struct text *text, int64_t nanoseconds) {
  add_integer(text, nanoseconds / SECOND);
  int64_t rest = nanoseconds % SECOND;
  if (rest == 0) return;
  char digits[] = ".000000000";
  int last = 9;
  for (int i = 9; i > 0; i--, rest /= 10) digits[i] = (char)('0' + rest % 10);
  while (digits[last] == '0') last--;
  add_bytes(text, digits, (size_t)last + 1);
}

static void add_quoted(struct text *text, const char *string) {
  add(text, "\"");
  for (const char *c = string; *c; c++) {
    char escape[8];
    if (*c == '"' || *c == '\\') {
      add(text, "\\");
      add_bytes(text, c, 1);
    } else if ((unsigned char)*c < 0x20) {
      snprintf(escape, sizeof escape, "\\u%04x", *c);
      add(text, escape);
    } else {
      add_bytes(text, c, 1);
    }
  }
  add(text, "\"");
}

/* Time. */

static int64_t now;
static int64_t began;
static int64_t deadlines[most_timers];
static bool armed[most_timers];

static int64_t clock_on_the_wall(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * SECOND + t.tv_nsec - began;
}

int64_t subject_now(void) { return now; }

void timer_start(int timer, int64_t duration) {
  armed[timer] = true;
  deadlines[timer] = now + duration;
}

void timer_cancel(int timer) { armed[timer] = false; }

bool timer_is_armed(int timer) { return armed[timer]; }

/* The timer that is due first, or -1. */
static int next_timer(void) {
  int first = -1;
  for (int i = 0; i < most_timers; i++) {
    if (armed[i] && (first < 0 || deadlines[i] < deadlines[first])) first = i;
  }
  return first;
}

static void advance(int64_t to) {
  for (int due; (due = next_timer()) >= 0 && deadlines[due] <= to;) {
    now = subject->wall_clock ? to : deadlines[due];
    armed[due] = false;
    subject->expire(due);
  }
  now = to;
}

/* What comes out. */

static const char *refusal, *refusal_code;

void subject_refuse(const char *why) {
  if (!refusal) refusal = why, refusal_code = "refused";
}

void subject_unsupported(const char *why) {
  if (!refusal) refusal = why, refusal_code = "unsupported";
}

bool subject_has_refused(void) { return refusal; }

/* Whether it comes out between requests, and so as a line of its own. */
static bool is_unasked;

static void begin(const char *kind, const char *name) {
  if (is_unasked) add(&outs, "{\"type\":\"event\",\"at\":");
  else add(&outs, outs.length ? ",{\"at\":" : "{\"at\":");
  add_time(&outs, now);
  add(&outs, kind);
  add(&outs, name);
}

void out_message(const char *name) {
  begin(",\"message\":\"", name);
  add(&outs, "\",\"fields\":{");
  needs_comma = false;
}

void out_end(void) { add(&outs, is_unasked ? "}}\n" : "}}"); }

void out_signal(const char *name) {
  begin(",\"signal\":\"", name);
  add(&outs, is_unasked ? "\"}\n" : "\"}");
}

static void put(const char *name) {
  add(target, needs_comma ? ",\"" : "\"");
  add(target, name);
  add(target, "\":");
  needs_comma = true;
}

void put_integer(const char *name, int64_t value) {
  put(name);
  add_integer(target, value);
}

void put_boolean(const char *name, bool value) {
  put(name);
  add(target, value ? "true" : "false");
}

void put_text(const char *name, const char *value) {
  put(name);
  add_quoted(target, value);
}

/* What comes in. */

static void wrong_type(const char *name) {
  static char why[128];
  snprintf(why, sizeof why, "%.60s has a value of another type", name);
  subject_unsupported(why);
}

int64_t take_integer(const struct json *object, const char *name, int64_t missing) {
  const struct json *member = json_member(object, name);
  if (member && !json_integer(member, &missing)) wrong_type(name);
  return missing;
}

bool take_boolean(const struct json *object, const char *name, bool missing) {
  const struct json *member = json_member(object, name);
  if (!member) return missing;
  if (member->kind != JSON_TRUE && member->kind != JSON_FALSE) wrong_type(name);
  return member->kind == JSON_TRUE;
}

int64_t take_duration(const struct json *object, const char *name, int64_t missing) {
  const struct json *member = json_member(object, name);
  if (member && !json_nanoseconds(member, &missing)) wrong_type(name);
  return missing;
}

bool only_members(const struct json *object, const char *const *names) {
  for (const struct json *m = object->first; m; m = m->next) {
    const char *const *name = names;
    while (*name && strcmp(*name, m->name) != 0) name++;
    if (*name) continue;
    static char why[128];
    snprintf(why, sizeof why, "no field %.60s", m->name);
    subject_unsupported(why);
    return false;
  }
  return true;
}

/* Requests. */

static const struct json nothing = {.kind = JSON_OBJECT};

static const struct json *object_in(const struct json *request, const char *name) {
  const struct json *member = json_member(request, name);
  if (!member) return &nothing;
  if (member->kind == JSON_OBJECT) return member;
  wrong_type(name);
  return &nothing;
}

static const char *text_in(const struct json *request, const char *name) {
  const struct json *member = json_member(request, name);
  if (member && member->kind == JSON_STRING) return member->text;
  wrong_type(name);
  return "";
}

static void hello(const struct json *request) {
  if (has_met) subject_refuse("hello was said already");
  int64_t version = take_integer(request, "version", 0);
  if (version != 1) subject_unsupported("only version 1 is spoken here");
  if (strcmp(text_in(request, "role"), subject->role) != 0) {
    subject_unsupported("another role is played here");
  }
  has_met = has_met || !refusal;
}

static void reset(const struct json *request) {
  if (subject->no_reset && runs > 0) {
    subject_unsupported("one run for each process");
    return;
  }
  const struct json *parameters = object_in(request, "parameters");
  if (refusal) return;
  memset(armed, 0, sizeof armed);
  now = 0;
  began = 0;
  began = clock_on_the_wall();
  outs.length = 0;
  subject_fault = mischief.changes_its_mind && runs % 2 == 0 ? -1 : planted;
  subject->reset(parameters);
  if (!refusal) runs++;
}

static void settle(void) {
  if (!subject->wall_clock) return;
  advance(clock_on_the_wall());
  if (subject->settle) subject->settle();
}

/* Until that time has come, with all that comes out on the way. */
static void pass_time(int64_t to) {
  for (int64_t left; (left = to - clock_on_the_wall()) > 0;) {
    struct pollfd wait = {.fd = subject->descriptor, .events = POLLIN};
    poll(&wait, subject->settle ? 1 : 0, (int)(left / 1000000 + 1));
    settle();
  }
}

static void step(const struct json *request, char kind) {
  int64_t time = 0;
  const char *name = kind == 'a' ? "to" : "at";
  if (!json_nanoseconds(json_member(request, name), &time)) {
    subject_unsupported("the time is not a whole number of nanoseconds");
    return;
  }
  if (!subject->wall_clock) {
    if (time < now) {
      subject_refuse("that time is over");
      return;
    }
    advance(time);
  } else if (kind == 'a') {
    pass_time(time);
  } else {
    now = clock_on_the_wall();
  }
  size_t before = outs.length;
  if (kind == 'c') {
    const struct json *arguments = object_in(request, "arguments");
    const char *called = text_in(request, "name");
    if (!refusal) subject->call(called, arguments);
  } else if (kind == 'r') {
    const struct json *fields = object_in(request, "fields");
    const char *message = text_in(request, "message");
    if (!refusal) subject->receive(message, fields);
  }
  if (refusal) outs.length = before;
  settle();
}

static void handle(const struct json *request, const char *type) {
  if (strcmp(type, "hello") == 0) {
    hello(request);
  } else if (strcmp(type, "reset") == 0) {
    if (has_met) reset(request);
    else subject_refuse("hello comes first");
  } else if (strcmp(type, "call") == 0 || strcmp(type, "receive") == 0
             || strcmp(type, "advance") == 0) {
    if (runs > 0) step(request, type[0]);
    else subject_refuse("hello and reset come first");
  } else {
    subject_unsupported("no such request");
  }
}

/* Replies. */

static void reply_start(const char *type, const struct json *id) {
  add(&replies, "{\"type\":\"");
  add(&replies, type);
  add(&replies, "\",\"re\":");
  if (id && id->kind == JSON_STRING) add_quoted(&replies, id->text);
  else add(&replies, id && id->kind == JSON_NUMBER ? id->text : "null");
}

static void reply_done(const struct json *id) {
  reply_start("done", id);
  add(&replies, ",\"out\":[");
  add_bytes(&replies, outs.bytes, outs.length);
  add(&replies, "]");
  outs.length = 0;
  if (!bare) {
    values.length = 0;
    needs_comma = false;
    target = &values;
    subject->state();
    target = &outs;
    add(&replies, ",\"state\":{");
    add_bytes(&replies, values.bytes, values.length);
    add(&replies, "}");
    int due = next_timer();
    if (!subject->hides_deadlines) {
      add(&replies, ",\"next\":");
      if (due >= 0) add_time(&replies, deadlines[due]);
      else add(&replies, "null");
    }
  }
  add(&replies, "}\n");
}

static void reply_hello(const struct json *id) {
  reply_start("hello_ok", id);
  add(&replies, ",\"version\":1,\"name\":");
  add_quoted(&replies, subject->name);
  add(&replies, ",\"capabilities\":{\"virtualTime\":");
  add(&replies, subject->wall_clock ? "false" : "true");
  add(&replies, ",\"state\":");
  add(&replies, bare ? "false" : "true");
  add(&replies, ",\"reset\":");
  add(&replies, subject->no_reset ? "false}}\n" : "true}}\n");
}

static void reply_error(const struct json *id) {
  reply_start("error", id);
  add(&replies, ",\"code\":\"");
  add(&replies, refusal_code);
  add(&replies, "\",\"definite\":true,\"text\":");
  add_quoted(&replies, refusal);
  add(&replies, "}\n");
}

static void flush(void) {
  for (size_t done = 0; done < replies.length;) {
    ssize_t wrote = write(STDOUT_FILENO, replies.bytes + done, replies.length - done);
    if (wrote < 0 && errno != EINTR) exit(1);
    if (wrote > 0) done += (size_t)wrote;
  }
  replies.length = 0;
}

/* Answers one line; whether it was the last one. */
static bool answer(char *line) {
  const char *problem;
  const struct json *request = json_parse(line, &problem);
  refusal = NULL;
  if (!request || request->kind != JSON_OBJECT) {
    subject_unsupported(problem ? problem : "not an object");
    reply_error(NULL);
    return false;
  }
  const struct json *id = json_member(request, "id"), *kind = json_member(request, "type");
  const char *type = kind && kind->kind == JSON_STRING ? kind->text : "";
  if (strcmp(type, "bye") == 0) return true;
  if (mischief_before(&mischief, type)) flush();
  mischief_instead(&mischief);
  handle(request, type);
  size_t start = replies.length;
  if (refusal) reply_error(id);
  else if (strcmp(type, "hello") == 0) reply_hello(id);
  else reply_done(id);
  if (mischief_is_time(&mischief, TWICE)) {
    size_t length = replies.length - start;
    char *copy = malloc(length);
    if (!copy) abort();
    memcpy(copy, replies.bytes + start, length);
    add_bytes(&replies, copy, length);
    free(copy);
  }
  return false;
}

/* Waits for requests, by the clock on the wall also for what comes out unasked. */
static void wait_for_input(void) {
  flush();
  while (subject->wall_clock && runs > 0) {
    int due = next_timer();
    int64_t left = due < 0 ? -1 : (deadlines[due] - clock_on_the_wall()) / 1000000 + 1;
    struct pollfd waits[2] = {
        {.fd = STDIN_FILENO, .events = POLLIN}, {.fd = subject->descriptor, .events = POLLIN}};
    poll(waits, subject->settle ? 2 : 1, due < 0 ? -1 : left < 0 ? 0 : (int)left);
    is_unasked = true;
    settle();
    is_unasked = false;
    add_bytes(&replies, outs.bytes, outs.length);
    outs.length = 0;
    flush();
    if (waits[0].revents) return;
  }
}

static int converse(void) {
  size_t room = 1 << 16, length = 0;
  char *input = malloc(room + 1);
  if (!input) abort();
  for (;;) {
    wait_for_input();
    ssize_t got = read(STDIN_FILENO, input + length, room - length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got < 0;
    length += (size_t)got;
    char *line = input, *end;
    while ((end = memchr(line, '\n', (size_t)(input + length - line)))) {
      *end = 0;
      if (memchr(line, 0, (size_t)(end - line))) *line = '?'; /* a 0 byte is not JSON */
      if (line[strspn(line, " \t\r")] && answer(line)) {
        flush();
        return 0;
      }
      line = end + 1;
    }
    length = (size_t)(input + length - line);
    memmove(input, line, length);
    if (length == room) {
      room *= 2;
      input = realloc(input, room + 1);
      if (!input) abort();
    }
  }
}

static void list_faults(void) {
  for (const struct fault *f = subject->faults; f && f->name; f++) {
    printf("%s: %s\n", f->name, f->like);
  }
}

static int usage(const char *option) {
  fprintf(stderr, "unknown or incomplete option: %s\n", option);
  fprintf(stderr, "options: --fault NAME, --faults, --bare, --no-reset, %s\n", mischief_options);
  if (subject->options) fprintf(stderr, "         %s\n", subject->options);
  return 64;
}

static int fault_named(const char *name) {
  int found = 0;
  for (const struct fault *f = subject->faults; f && f->name; f++, found++) {
    if (strcmp(f->name, name) == 0) return found;
  }
  return -1;
}

int subject_serve(struct subject *served, int count, char **arguments) {
  subject = served;
  for (int i = 1; i < count; i++) {
    const char *option = arguments[i], *value = i + 1 < count ? arguments[i + 1] : NULL;
    if (strcmp(option, "--faults") == 0) {
      list_faults();
      return 0;
    } else if (strcmp(option, "--bare") == 0) {
      bare = true;
    } else if (strcmp(option, "--no-reset") == 0) {
      subject->no_reset = true;
    } else if (strcmp(option, "--fault") == 0 && value) {
      planted = fault_named(value);
      if (planted < 0) return usage(value);
      i++;
    } else {
      int taken = mischief_option(&mischief, option, value);
      if (taken == 0 && subject->option) taken = subject->option(option, value);
      if (taken == 0) return usage(option);
      i += taken - 1;
    }
  }
  if (mischief.changes_its_mind && planted < 0) planted = 0;
  return converse();
}
