#ifndef LINGER_CCRASH_H
#define LINGER_CCRASH_H

/// From now on a crash of the program (a failed check, memory that cannot be had, a full stack) ends
/// with one line on standard error and an exit code instead of a signal. What failed the Swift
/// runtime has said by then.
void linger_end_crashes_with(int exit_code);

#endif
