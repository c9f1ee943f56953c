/* libpcap's functions as calls through pointers into a library that is loaded when it is first
   needed, so that a program starts, and does all that needs no captures, where there is none. */
#include "CPcap.h"

#include <CLoader.h>
#include <pthread.h>
#ifdef __GLIBC__
#include <stdio_ext.h>
#endif

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

static struct cloader loader;

static void load(void) {
  static const char *const usual[] = {
      "libpcap.so.0.8", "libpcap.so.1", "libpcap.so", "libpcap.dylib", NULL,
  };
  void *library = cloader_open(&loader, usual);
  if (!library) return;
#define FIND(result, name, parameters, arguments) \
  name##_pointer = (result(*) parameters)cloader_find(&loader, library, #name);
  CPCAP_FUNCTIONS(FIND)
}

void cpcap_choose(const char *path) { cloader_choose(&loader, path); }

const char *cpcap_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return loader.problem;
}

void cpcap_own(FILE *stream) {
#ifdef __GLIBC__
  __fsetlocking(stream, FSETLOCKING_BYCALLER);
#else
  (void)stream;
#endif
}
