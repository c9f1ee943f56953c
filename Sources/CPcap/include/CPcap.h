#ifndef LINGER_CPCAP_H
#define LINGER_CPCAP_H

/* libpcap's interface, of which only the reading of capture files is used; stdio.h for the
   streams that it reads. */
#include <pcap/pcap.h>
#include <stdio.h>

/* Chooses the file that cpcap_load will load; without it the usual names are tried. Has no effect
   after the first load. */
void cpcap_choose(const char *path);

/* Loads the library when first called; NULL, or why it cannot be used. Must come before every
   other call. Safe from any thread. */
const char *cpcap_load(void);

/* Says that one thread alone uses a stream: its lock is not taken for each read. */
void cpcap_own(FILE *stream);

#endif
