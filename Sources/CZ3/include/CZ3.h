#ifndef LINGER_CZ3_H
#define LINGER_CZ3_H

/* Z3's whole C interface. z3_version.h is named for the header's own version, with which the
   loaded library is compared: the numbers of Z3's enumerations differ between versions. */
#include <z3.h>
#include <z3_version.h>

/* Chooses the file that cz3_load will load; without it the usual names are tried. Has no effect
   after the first load. */
void cz3_choose(const char *path);

/* Loads the library when first called; NULL, or why it cannot be used. Must come before every
   other call. Safe from any thread. */
const char *cz3_load(void);

#endif
