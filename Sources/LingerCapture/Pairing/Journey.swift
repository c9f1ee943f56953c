/// A segment on its way through the network, as captures at both ends show it.
package struct Journey: Hashable, Sendable {
  /// As its sender's host saw it; nil for one that the network made up, or that the capture lost.
  package var sent: SegmentEvent?
  /// As the receiver's host saw it, in the order of arrival: none where it was lost, several where
  /// it was duplicated or cut.
  package var arrivals: [SegmentEvent]
  /// It arrived after one that was sent later.
  package var isOvertaken = false
  /// A network card cut it, or put it together with others.
  package var isRecut = false
  /// Others that look the same were sent: which of them arrived was judged by their times.
  package var isAmbiguous = false

  package var isLost: Bool { sent != nil && arrivals.isEmpty }
  package var isDuplicated: Bool { arrivals.count > 1 && !isRecut }
}
