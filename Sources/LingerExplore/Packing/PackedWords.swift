/// The words of a packed state, wherever they stand: in an array, or in memory of the explorer's.
package protocol PackedWords {
  subscript(index: Int) -> UInt64 { get set }
}

extension [UInt64]: PackedWords {}
