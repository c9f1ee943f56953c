#include "CLoader.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

void cloader_choose(struct cloader *loader, const char *path) { loader->chosen = strdup(path); }

void *cloader_open(struct cloader *loader, const char *const *usual) {
  const char *const chosen[] = {loader->chosen, NULL};
  for (const char *const *name = loader->chosen ? chosen : usual; *name; name++) {
    void *library = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
    if (library) {
      loader->problem = NULL;
      return library;
    }
    /* What is wrong with the first name says most. */
    if (loader->problem) continue;
    const char *why = dlerror();
    snprintf(loader->words, sizeof loader->words, "%s", why ? why : *name);
    loader->problem = loader->words;
  }
  return NULL;
}

void *cloader_find(struct cloader *loader, void *library, const char *name) {
  void *function = dlsym(library, name);
  if (!function && !loader->problem) {
    snprintf(loader->words, sizeof loader->words, "the library lacks a function: %s", name);
    loader->problem = loader->words;
  }
  return function;
}
