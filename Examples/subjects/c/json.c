#include "json.h"

#include <stddef.h>
#include <string.h>

enum { most_nodes = 4096, deepest = 64 };

static struct json nodes[most_nodes];
static int used;
static char *at;
static const char *trouble;

static struct json *value(int depth);

static void skip_space(void) {
  while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n') at++;
}

static struct json *fail(const char *problem) {
  if (!trouble) trouble = problem;
  return NULL;
}

static struct json *node(enum json_kind kind) {
  if (used == most_nodes) return fail("too many values");
  struct json *made = &nodes[used++];
  *made = (struct json){.kind = kind};
  return made;
}

static int hex(void) {
  int code = 0;
  for (int i = 0; i < 4; i++) {
    char c = *at;
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
    if (digit < 0) return -1;
    code = code * 16 + digit;
    at++;
  }
  return code;
}

/* Writes a code point as UTF-8, which is never longer than its escape. */
static char *put(char *to, int code) {
  if (code < 0x80) {
    *to++ = (char)code;
  } else if (code < 0x800) {
    *to++ = (char)(0xC0 | code >> 6);
    *to++ = (char)(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *to++ = (char)(0xE0 | code >> 12);
    *to++ = (char)(0x80 | (code >> 6 & 0x3F));
    *to++ = (char)(0x80 | (code & 0x3F));
  } else {
    *to++ = (char)(0xF0 | code >> 18);
    *to++ = (char)(0x80 | (code >> 12 & 0x3F));
    *to++ = (char)(0x80 | (code >> 6 & 0x3F));
    *to++ = (char)(0x80 | (code & 0x3F));
  }
  return to;
}

/* The code point after `\u`, two escapes where it needs them; 0 would end the text. */
static int escaped_code(void) {
  int code = hex();
  if (code >= 0xD800 && code < 0xDC00 && at[0] == '\\' && at[1] == 'u') {
    at += 2;
    int low = hex();
    if (low < 0xDC00 || low > 0xDFFF) return -1;
    return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  return code == 0 || (code >= 0xD800 && code < 0xE000) ? -1 : code;
}

/* Decodes a string in place; `at` is behind its first quote. */
static const char *string(void) {
  char *start = at, *to = at;
  for (;;) {
    unsigned char c = (unsigned char)*at;
    if (c < 0x20) return fail("a string does not end"), NULL;
    at++;
    if (c == '"') break;
    if (c != '\\') {
      *to++ = (char)c;
      continue;
    }
    static const char names[] = "\"\\/bfnrt", codes[] = "\"\\/\b\f\n\r\t";
    const char *found = *at ? strchr(names, *at) : NULL;
    if (found) {
      *to++ = codes[found - names];
      at++;
    } else if (*at == 'u') {
      at++;
      int code = escaped_code();
      if (code < 0) return fail("a bad \\u in a string"), NULL;
      to = put(to, code);
    } else {
      return fail("a bad escape in a string"), NULL;
    }
  }
  *to = 0;
  return start;
}

static bool digits(void) {
  if (*at < '0' || *at > '9') return false;
  while (*at >= '0' && *at <= '9') at++;
  return true;
}

/* Its text is ended later, when what follows has been looked at. */
static struct json *number(void) {
  struct json *made = node(JSON_NUMBER);
  if (!made) return NULL;
  made->text = at;
  if (*at == '-') at++;
  if (*at == '0') {
    at++;
  } else if (!digits()) {
    return fail("not a value");
  }
  if (*at == '.') {
    at++;
    if (!digits()) return fail("a number ends in a point");
  }
  if (*at == 'e' || *at == 'E') {
    at++;
    if (*at == '+' || *at == '-') at++;
    if (!digits()) return fail("a number has no exponent");
  }
  return made;
}

static struct json *word(const char *text, enum json_kind kind) {
  size_t length = strlen(text);
  if (strncmp(at, text, length) != 0) return fail("not a value");
  at += length;
  return node(kind);
}

/* What stands between the brackets of an object or an array. */
static struct json *members(struct json *parent, char close, int depth) {
  struct json **end = &parent->first;
  at++;
  skip_space();
  if (*at == close) return at++, parent;
  for (;;) {
    const char *name = NULL;
    skip_space();
    if (close == '}') {
      if (*at != '"') return fail("a member has no name");
      at++;
      if (!(name = string())) return NULL;
      skip_space();
      if (*at != ':') return fail("a member has no value");
      at++;
    }
    struct json *member = value(depth + 1);
    if (!member) return NULL;
    member->name = name;
    *end = member;
    end = &member->next;
    skip_space();
    char next = *at;
    if (next != ',' && next != close) return fail("a comma or a bracket is missing");
    if (member->kind == JSON_NUMBER) {
      char *behind = at;
      while (behind[-1] == ' ' || behind[-1] == '\t' || behind[-1] == '\r') behind--;
      *behind = 0;
    }
    at++;
    if (next == close) return parent;
  }
}

static struct json *value(int depth) {
  if (depth > deepest) return fail("too deep");
  skip_space();
  struct json *made;
  switch (*at) {
    case '{': return (made = node(JSON_OBJECT)) ? members(made, '}', depth) : NULL;
    case '[': return (made = node(JSON_ARRAY)) ? members(made, ']', depth) : NULL;
    case 't': return word("true", JSON_TRUE);
    case 'f': return word("false", JSON_FALSE);
    case 'n': return word("null", JSON_NULL);
    case '"':
      at++;
      if ((made = node(JSON_STRING)) && !(made->text = string())) return NULL;
      return made;
    default: return number();
  }
}

struct json *json_parse(char *line, const char **problem) {
  used = 0;
  at = line;
  trouble = NULL;
  struct json *made = value(0);
  skip_space();
  if (made && *at) made = fail("something follows the value");
  *problem = trouble;
  return made;
}

const struct json *json_member(const struct json *object, const char *name) {
  const struct json *found = NULL;
  if (!object || object->kind != JSON_OBJECT) return NULL;
  for (const struct json *m = object->first; m; m = m->next) {
    if (strcmp(m->name, name) == 0) found = m;
  }
  return found;
}

bool json_is_text(const struct json *value, const char *text) {
  return value && value->kind == JSON_STRING && strcmp(value->text, text) == 0;
}

/* The number times a power of ten, if that is an integer of 64 bits. */
static bool scaled(const struct json *value, int power, int64_t *result) {
  if (!value || value->kind != JSON_NUMBER) return false;
  const char *c = value->text;
  bool negative = *c == '-';
  if (negative) c++;
  uint64_t number = 0;
  bool point = false;
  for (; (*c >= '0' && *c <= '9') || *c == '.'; c++) {
    if (*c == '.') {
      point = true;
      continue;
    }
    if (number > (UINT64_MAX - 9) / 10) return false;
    number = number * 10 + (uint64_t)(*c - '0');
    if (point) power--;
  }
  if (*c == 'e' || *c == 'E') {
    c++;
    int sign = *c == '-' ? -1 : 1, exponent = 0;
    if (*c == '-' || *c == '+') c++;
    for (; *c >= '0' && *c <= '9'; c++) {
      if (exponent < 1000) exponent = exponent * 10 + (*c - '0');
    }
    power += sign * exponent;
  }
  for (; power < 0 && number != 0; power++) {
    if (number % 10) return false;
    number /= 10;
  }
  for (; power > 0 && number != 0; power--) {
    if (number > UINT64_MAX / 10) return false;
    number *= 10;
  }
  if (number > INT64_MAX) return false;
  *result = negative ? -(int64_t)number : (int64_t)number;
  return true;
}

bool json_integer(const struct json *value, int64_t *result) {
  return scaled(value, 0, result) && !strpbrk(value->text, ".eE");
}

bool json_nanoseconds(const struct json *value, int64_t *result) {
  return scaled(value, 9, result) && *result >= 0;
}
