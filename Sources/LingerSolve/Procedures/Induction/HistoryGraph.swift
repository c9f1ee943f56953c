/// The control graph that inductive bounds are attached to: the problem's locations, or
/// its locations told apart by the last few steps that led there.
///
/// Induction of depth k presumes k states in a row. Here the bounds of a place are about the runs
/// that came to it over the same k - 1 steps, which is as strong, and what is proved is an
/// ordinary invariant: in a location the bounds of one of its places are true.
struct HistoryGraph {
  struct Place: Hashable {
    var location: Int
    /// The last edges taken, oldest first; fewer only near the start.
    var history: [Passage]
  }

  struct Passage: Hashable {
    var edge: Int
    /// In which way the user's lemmas are true when it is taken.
    var presumption: Int
  }

  struct PlaceStep {
    var source: Int
    var target: Int
    var passage: Passage
  }

  private(set) var places: [Place] = []
  private(set) var steps: [PlaceStep] = []
  /// For each place the steps from it.
  private(set) var outgoing: [[Int]] = []

  /// Nil above `limit` places.
  init?(_ sample: ProblemSample, depth: Int, limit: Int) {
    let problem = sample.problem
    guard let initial = problem.initial else { return }
    var edges = [[Int]](repeating: [], count: problem.locations.count)
    for (number, edge) in problem.edges.enumerated() { edges[edge.source].append(number) }
    var numbers: [Place: Int] = [:]
    func number(_ place: Place) -> Int {
      if let known = numbers[place] { return known }
      numbers[place] = places.count
      places.append(place)
      outgoing.append([])
      return places.count - 1
    }
    _ = number(Place(location: initial, history: []))
    var next = 0
    while next < places.count {
      if places.count > limit { return nil }
      let place = places[next]
      for edge in edges[place.location] {
        for presumption in sample.presumptions(in: place.location).indices {
          let passage = Passage(edge: edge, presumption: presumption)
          let history = Array((place.history + [passage]).suffix(depth - 1))
          let target = number(Place(location: problem.edges[edge].target, history: history))
          outgoing[next].append(steps.count)
          steps.append(PlaceStep(source: next, target: target, passage: passage))
        }
      }
      next += 1
    }
  }
}
