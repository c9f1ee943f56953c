/* A reader of JSON, one line at a time and without memory of its own: strings are decoded where
   they stand, values are nodes of a fixed table. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>

enum json_kind {
  JSON_NULL,
  JSON_FALSE,
  JSON_TRUE,
  JSON_NUMBER,
  JSON_STRING,
  JSON_OBJECT,
  JSON_ARRAY,
};

struct json {
  enum json_kind kind;
  /* The name of a member; NULL in an array and at the top. */
  const char *name;
  /* The text of a string or a number, ending in 0. */
  const char *text;
  /* The first value inside and the one that follows, or NULL. */
  struct json *first, *next;
};

/* The value that the line holds, or NULL and what is wrong in `problem`. The line is overwritten
   and must have a 0 at its end; the value lives until the next call. */
struct json *json_parse(char *line, const char **problem);

/* The member of that name, or NULL; of equal ones the last counts. */
const struct json *json_member(const struct json *object, const char *name);

bool json_is_text(const struct json *value, const char *text);

/* An integer that fits. */
bool json_integer(const struct json *value, int64_t *result);

/* A number of seconds as nanoseconds: exactly, or it fails. */
bool json_nanoseconds(const struct json *value, int64_t *result);

#endif
