/* libpcap's functions as calls through pointers into a library that is loaded when it is first
   needed, so that a program starts, and does all that needs no captures, where there is none. */
#include "CPcap.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* The functions that Linger calls: result, name, parameters, arguments. */
#define CPCAP_FUNCTIONS(F) \
  F(void, pcap_close, (pcap_t * reader), (reader)) \
  F(int, pcap_datalink, (pcap_t * reader), (reader)) \
  F(pcap_t *, pcap_fopen_offline_with_tstamp_precision, \
    (FILE * stream, u_int precision, char *message), \
    (stream, precision, message)) \
  F(char *, pcap_geterr, (pcap_t * reader), (reader)) \
  F(int, pcap_next_ex, \
    (pcap_t * reader, struct pcap_pkthdr * *header, const u_char **bytes), \
    (reader, header, bytes))

/* A void function may not return a value, so its trampoline is the same text: C takes
   "return f();" there as an extension that gcc and clang both have. */
#define DEFINE(result, name, parameters, arguments) \
  static result(*name##_pointer) parameters; \
  result name parameters { return name##_pointer arguments; }
CPCAP_FUNCTIONS(DEFINE)

static const char *chosen;
static char failure[1024];
static const char *problem;

static void fail(const char *what, const char *why) {
  snprintf(failure, sizeof failure, "%s: %s", what, why);
  problem = failure;
}

static void load(void) {
  const char *usual[] = {"libpcap.so.0.8", "libpcap.so.1", "libpcap.so", "libpcap.dylib"};
  const char **names = chosen ? &chosen : usual;
  int count = chosen ? 1 : (int)(sizeof usual / sizeof *usual);
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
  CPCAP_FUNCTIONS(FIND)
}

void cpcap_choose(const char *path) { chosen = strdup(path); }

const char *cpcap_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return problem;
}
