#ifndef LINGER_CPCAP_H
#define LINGER_CPCAP_H

/* libpcap's interface, of which only the reading of capture files is used; stdio.h for the
   streams that it reads. */
#include <pcap/pcap.h>
#include <stdio.h>

#endif
