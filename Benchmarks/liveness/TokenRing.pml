/*
 * The same model as TokenRing.linger, written like Peterson.pml: one process for each transition
 * of each station and for each message that arrives.
 */
bool holds[3];
bool wants[3];
bool hasServed[3];
bool arriving[3];

proctype Want(byte s) {
  do
  :: d_step { !wants[s] -> wants[s] = true }
  :: !wants[s]
  od
}

proctype Serve(byte s) {
  do
  :: d_step {
      holds[s] && wants[s] && !hasServed[s] ->
      wants[s] = false;
#ifndef CHANGED
      hasServed[s] = true
#endif
    }
  od
}

proctype Pass(byte s) {
  do
  :: d_step {
      holds[s] && (!wants[s] || hasServed[s]) ->
      holds[s] = false;
      hasServed[s] = false;
      arriving[(s + 1) % 3] = true
    }
  od
}

proctype Take(byte s) {
  do :: d_step { arriving[s] -> arriving[s] = false; holds[s] = true } od
}

init {
  atomic {
    holds[0] = true;
    run Want(0); run Want(1); run Want(2);
    run Serve(0); run Serve(1); run Serve(2);
    run Pass(0); run Pass(1); run Pass(2);
    run Take(0); run Take(1); run Take(2)
  }
}

ltl served { [] (wants[1] -> <> (!wants[1])) }
ltl moved { [] (holds[1] -> <> (holds[2])) }
ltl wanted { [] ((!wants[1]) -> <> (wants[1])) }
