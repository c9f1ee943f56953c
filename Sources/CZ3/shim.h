#ifndef LINGER_CZ3_H
#define LINGER_CZ3_H

/* Z3's whole C interface. z3_version.h is named for the header's own version, with which the
   loaded library is compared: the numbers of Z3's enumerations differ between versions. */
#include <z3.h>
#include <z3_version.h>

#endif
