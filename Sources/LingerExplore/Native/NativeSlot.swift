/// What native code and its caller share: a row of 64-bit words, by these places.
enum NativeSlot: Int, CaseIterable {
  // The store as it stands.
  case chunks, table, lineCount, numberMask, tagMask
  // The states to expand, and their sleep sets.
  case firstState, endState, sleeps, firstSleep, sleepCount
  // What belongs to the worker.
  case recent, recentShift, work, firings, seen
  // Room for what is found, with its size, and how much of it is filled.
  case foundWords, foundHashes, foundSleeps, foundRoom, found
  case sources, targets, edgeRoom, edges
  case events, eventRoom, eventCount
  // What else it tells.
  case transitions, errors, firstError
}

/// What native code tells of a state besides its successors; four words each: one of these, the
/// state, a network and a message.
enum NativeEvent: UInt64 {
  /// No instance leads on for certain once everything in flight is lost.
  case mayBeStuck
  /// Nobody takes the message.
  case unspecified

  static let words = 4
}
