import LingerDiagnostics

/// What checking an expression found out about it besides its type.
struct Effects {
  /// Parameters that shaped the result, in order of first use.
  var parametersRead: [Int] = []
  /// Whether parameters shaped the result, through types and constants too.
  var isParametric = false
  /// Where a variable or timer of another instance is read.
  var peerState: Span?
  /// Where a ghost variable is read.
  var ghost: Span?
  /// Where the network is observed in the form for properties.
  var network: Span?
  /// Where the time since a timer's start is compared.
  var elapsed: Span?

  mutating func merge(_ other: Effects) {
    for index in other.parametersRead where !parametersRead.contains(index) {
      parametersRead.append(index)
    }
    isParametric = isParametric || other.isParametric
    peerState = peerState ?? other.peerState
    ghost = ghost ?? other.ghost
    network = network ?? other.network
    elapsed = elapsed ?? other.elapsed
  }
}
