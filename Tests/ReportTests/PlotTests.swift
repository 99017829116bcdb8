import CertifyKernel
import Foundation
import Testing

@testable import Report

@Suite struct PlotTests {
  @Test(
    arguments: [
      [0, 1], [0.001, 0.0012], [-3e5, 2e6], [5, 5], [0], [], [.nan, .infinity, 2, 3],
      [-1e-12, 1e-12],
      [1e300, -1e300],
    ] as [[Double]])
  func marksLieOnTheAxis(values: [Double]) {
    for isLogarithmic in [false, true] {
      let axis = Axis(values, "x", isLogarithmic: isLogarithmic)
      #expect(axis.upper > axis.lower)
      let room = 1e-3 * (axis.upper - axis.lower)
      #expect(axis.ticks.count >= 2 && axis.ticks.count <= 12, "\(axis.ticks)")
      #expect(
        axis.ticks.allSatisfy { $0 >= axis.lower - room && $0 <= axis.upper + room },
        "\(axis.ticks) of \(axis.lower)...\(axis.upper)")
      for value in values where value.isFinite && (!isLogarithmic || value > 0) {
        #expect((-1e-9...1 + 1e-9).contains(axis.share(value)))
      }
    }
  }

  @Test func axesOfOneScale() {
    let axes = Axis.square([-1, 1], [-0.1, 0.1], proportion: 1.5, titles: ("x", "y"))
    let ratio = (axes.x.upper - axes.x.lower) / (axes.y.upper - axes.y.lower)
    #expect(abs(ratio - 1.5) < 1e-12)
    #expect(axes.x.lower < -1 && axes.x.upper > 1)
  }

  @Test(
    arguments: [
      (0, "0"), (-0.25, "−0.25"), (1234.5, "1234"), (1e-6, "1e−6"), (2.5e12, "2.5e12"),
      (.infinity, "∞"), (-.infinity, "−∞"), (.nan, "?"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) { #expect(tickText(value) == text) }

  /// A cell of a picture is the largest of its entries, with its sign.
  @Test func largeMatricesAreDrawnInPatches() {
    var matrix = Matrix(rows: 200, columns: 200)
    (matrix[0, 0], matrix[1, 1], matrix[199, 0]) = (0.5, -2, 1)
    let map = HeatMap(.dense(matrix))
    #expect(map.patch == 3 && map.side == 67 && map.entries == 3 && map.largest == 2)
    #expect(map.caption("W").contains("the largest of 3 × 3 entries"))
    let small = HeatMap(.dense(Matrix(rows: 5, columns: 5)))
    #expect(small.patch == 1 && small.entries == 0 && small.largest == 0)
  }

  @Test func whatTrainingWrote() throws {
    let line = #"{"schema":"certify.metrics/v1","step":10,"loss":2.5,"accuracy":0.5}"#
    let curves = try TrainingCurves(line + "\n\n" + line.replacing("10", with: "20") + "\n")
    #expect(curves.points("loss")?.map(\.x) == [10, 20])
    #expect(curves.points("accuracy")?.map(\.y) == [0.5, 0.5])
    #expect(curves.points("factor") == nil)
    for text in ["", "\n", "{}", "[1", line + "\n{\"schema\":\"other\",\"step\":1}"] {
      #expect(throws: TrainingCurves.Fault.self, "\(text)") { try TrainingCurves(text) }
    }
  }
}
