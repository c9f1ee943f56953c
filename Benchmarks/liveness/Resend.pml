/*
 * The same model as Resend.linger, written like Peterson.pml: one process for each transition and
 * for each message that arrives or is lost.
 */
byte losses = 3;
bit current;
bool isWaiting;
bit expected;
bit last;
bool owes;
bool frame[2];
bool ack[2];

proctype Submit() {
  do
  :: d_step { !isWaiting && !frame[current] -> isWaiting = true; frame[current] = true }
  :: !isWaiting && !frame[current]
  od
}

proctype Again() {
  do
  :: d_step { isWaiting && !frame[current] -> frame[current] = true }
#ifdef CHANGED
  :: isWaiting && !frame[current]
#endif
  od
}

proctype Acknowledged(bit b) {
  do
  :: d_step {
      ack[b] ->
      ack[b] = false;
      if
      :: isWaiting && b == current -> isWaiting = false; current = 1 - current
      :: else
      fi
    }
  od
}

proctype Take(bit b) {
  do
  :: d_step {
      frame[b] ->
      frame[b] = false;
      if
      :: b == expected -> expected = 1 - expected
      :: else
      fi;
      last = b;
      owes = true
    }
  od
}

proctype Acknowledge() {
  do :: d_step { owes && !ack[last] -> ack[last] = true; owes = false } od
}

proctype Lose(bit b) {
  do
  :: d_step { losses > 0 && frame[b] -> frame[b] = false; losses-- }
  :: d_step { losses > 0 && ack[b] -> ack[b] = false; losses-- }
  :: losses > 0 && (frame[b] || ack[b])
  od
}

init {
  atomic {
    run Submit(); run Again(); run Acknowledge();
    run Acknowledged(0); run Acknowledged(1); run Take(0); run Take(1); run Lose(0); run Lose(1)
  }
}

ltl acknowledged { [] (isWaiting -> <> (!isWaiting)) }
ltl taken { [] ((isWaiting && current == 1) -> <> (expected == 0)) }
ltl submitted { [] ((!isWaiting) -> <> (isWaiting)) }
