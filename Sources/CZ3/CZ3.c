/* Z3's functions as calls through pointers into a library that is loaded when it is first needed,
   so that a program starts, and does all that needs no solver, where there is none. */
#include "CZ3.h"

#include <CLoader.h>
#include <pthread.h>

#include "Functions.h"

/* A void function may not return a value, so its trampoline is the same text: C takes
   "return f();" there as an extension that gcc and clang both have. */
#define DEFINE(result, name, parameters, arguments) \
  static result(*name##_pointer) parameters; \
  result Z3_API name parameters { return name##_pointer arguments; }
CZ3_FUNCTIONS(DEFINE)

static struct cloader loader;

static void load(void) {
  static const char *const usual[] = {"libz3.so.4", "libz3.so", NULL};
  void *library = cloader_open(&loader, usual);
  if (!library) return;
#define FIND(result, name, parameters, arguments) \
  name##_pointer = (result(*) parameters)cloader_find(&loader, library, #name);
  CZ3_FUNCTIONS(FIND)
}

void cz3_choose(const char *path) { cloader_choose(&loader, path); }

const char *cz3_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return loader.problem;
}
