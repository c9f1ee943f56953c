/* Z3's functions as calls through pointers into a library that is loaded when it is first needed,
   so that a program starts, and does all that needs no solver, where there is none. */
#include "CZ3.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "Functions.h"

/* A void function may not return a value, so its trampoline is the same text: C takes
   "return f();" there as an extension that gcc and clang both have. */
#define DEFINE(result, name, parameters, arguments) \
  static result(*name##_pointer) parameters; \
  result Z3_API name parameters { return name##_pointer arguments; }
CZ3_FUNCTIONS(DEFINE)

static const char *chosen;
static char failure[1024];
static const char *problem;

static void fail(const char *what, const char *why) {
  snprintf(failure, sizeof failure, "%s: %s", what, why);
  problem = failure;
}

static void load(void) {
  const char *usual[] = {"libz3.so.4", "libz3.so"};
  const char **names = chosen ? &chosen : usual;
  int count = chosen ? 1 : 2;
  void *library = NULL;
  for (int index = 0; index < count && !library; index++) {
    library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
    /* What is wrong with the first name says most. */
    if (!library && !problem) {
      const char *why = dlerror();
      snprintf(failure, sizeof failure, "%s", why ? why : names[index]);
      problem = failure;
    }
  }
  if (!library) return;
  problem = NULL;
#define FIND(result, name, parameters, arguments) \
  name##_pointer = (result(*) parameters)dlsym(library, #name); \
  if (!name##_pointer && !problem) fail("the library lacks a function", #name);
  CZ3_FUNCTIONS(FIND)
}

void cz3_choose(const char *path) { chosen = strdup(path); }

const char *cz3_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return problem;
}
