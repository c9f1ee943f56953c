extension Model {
  /// What runs from the start, by instance and timer, as if it were started then; nil where a
  /// duration cannot be evaluated.
  package var initialStarts: [(instance: Int, timer: Int, duration: Rational)]? {
    var starts: [(instance: Int, timer: Int, duration: Rational)] = []
    for (instance, declaration) in instances.enumerated() {
      for (timer, description) in roles[declaration.role].timers.enumerated() {
        guard let initial = description.initial else { continue }
        guard let duration = duration(initial) else { return nil }
        starts.append((instance, timer, duration))
      }
    }
    return starts
  }
}
