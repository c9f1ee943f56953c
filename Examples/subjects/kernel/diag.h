/* Asks the kernel for the state of a connection, also of one that no file descriptor is for. */
#ifndef DIAG_H
#define DIAG_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the kernel can be asked. */
bool diag_open(void);

/* The state as in `enum` of <netinet/tcp.h>, 0 for none; addresses in host order. */
int diag_state(uint32_t near, uint16_t near_port, uint32_t far, uint16_t far_port);

#endif
