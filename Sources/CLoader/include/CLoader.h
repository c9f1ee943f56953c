#ifndef LINGER_CLOADER_H
#define LINGER_CLOADER_H

/* A library that is loaded when it is first needed, so that a program starts, and does all that
   needs none of it, where it is missing. Whoever loads it sees to it that this is done once. */
struct cloader {
  /* The file to load; NULL for the usual ones. */
  const char *chosen;
  /* Why the library cannot be used; NULL where it can. */
  const char *problem;
  char words[1024];
};

/* Chooses the file to load. */
void cloader_choose(struct cloader *loader, const char *path);

/* Opens the library under the first of its usual names that is there; the list ends with NULL.
   NULL where there is none. */
void *cloader_open(struct cloader *loader, const char *const *usual);

/* A function of the library; NULL where it lacks it. */
void *cloader_find(struct cloader *loader, void *library, const char *name);

#endif
