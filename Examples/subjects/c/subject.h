/* The subject's side of the line protocol: what every subject written in C shares. A program fills
   in a `struct subject` and calls `subject_serve`; the functions below are for its events. */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "json.h"

#define SECOND INT64_C(1000000000)

struct fault {
  const char *name;
  const char *like;
};

struct subject {
  const char *name;
  const char *role;
  /* Ends with a name that is NULL; NULL where there are none. */
  const struct fault *faults;
  /* A fresh instance. */
  void (*reset)(const struct json *parameters);
  void (*call)(const char *name, const struct json *arguments);
  void (*receive)(const char *message, const struct json *fields);
  void (*expire)(int timer);
  /* Writes the values of variables with `put_...`. */
  void (*state)(void);
  /* Says nothing of the timers, which are then only ticks. */
  bool hides_deadlines;
  /* Takes an option of its own: how many arguments it takes, 0 for none of these; or NULL. */
  int (*option)(const char *name, const char *value);
  /* What they are called. */
  const char *options;
  /* One run for each process. */
  bool no_reset;
  /* The clock on the wall: `settle`, which may be NULL, looks what has come out, after each request
     and when something can be read from `descriptor`. */
  bool wall_clock;
  int descriptor;
  void (*settle)(void);
};

int subject_serve(struct subject *subject, int count, char **arguments);

/* The planted fault, an index into the faults; -1 for none. */
extern int subject_fault;

/* Nanoseconds since the last reset. */
int64_t subject_now(void);

/* The request did not happen, and why: as code `refused`, or `unsupported`. What was sent for it is
   dropped. */
void subject_refuse(const char *why);
void subject_unsupported(const char *why);
bool subject_has_refused(void);

/* A message with its fields, or a signal, comes out:
   out_message("Segment"); put_integer("seq", 1); put_boolean("fin", true); out_end(); */
void out_message(const char *name);
void out_signal(const char *name);
void out_end(void);
void put_integer(const char *name, int64_t value);
void put_boolean(const char *name, bool value);
void put_text(const char *name, const char *value);

/* Timers are numbered from 0. */
enum { most_timers = 8 };
void timer_start(int timer, int64_t duration);
void timer_cancel(int timer);
bool timer_is_armed(int timer);

/* Members of an object, with a value where they are missing; of another type they make the request
   unsupported. */
int64_t take_integer(const struct json *object, const char *name, int64_t missing);
bool take_boolean(const struct json *object, const char *name, bool missing);
int64_t take_duration(const struct json *object, const char *name, int64_t missing);
/* Whether every member is one of these names; the list ends with NULL. */
bool only_members(const struct json *object, const char *const *names);

#endif
