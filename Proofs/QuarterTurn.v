(** Growth of the network of Theorem 7 under switching slopes (Swift: [SkewPair]; theory 2): W = c [[0, -1], [1, 0]],
    slopes (1, 0) for a time 1, then (1, 1) for a time s with tan(c s) = 1/c. A solution of the linearisation goes from
    (1, 0) to (0, q) with

        q^2 = (1 + c^2) exp(-2 (1 + s)),   ln q = ln(1 + c^2)/2 - 1 - arctan(1/c)/c

    and a quarter turn later the two units have changed places. So q > 1, which is c > c* = 2.883..., means growth.
    That for c < c* no switching grows is not proved here. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp.classical Require Import boolp classical_sets functions.
From mathcomp.analysis Require Import reals signed topology normedtype derive sequences realfun exp trigo.
From Certify Require Import Spec Forms Theorem7 Gronwall.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory numFieldNormedType.Exports.
Local Open Scope ring_scope.

(** Of commutative rings. *)
Section Identities.
Variable R : realFieldType.
Implicit Types k x t c u v : R.
Lemma leaking_speed c t x : c * t * (-1 * x) + x * c = c * (1 * x) - c * t * x.
Proof. by ring. Qed.
Lemma turning_speed k x u v c : k * x * (c * - v - c * (c * u)) + (u - c * v) * (k * (-1 * x))
  = - c * (1 * (k * x * (v + c * u))) - k * x * (u - c * v).
Proof. by ring. Qed.
Lemma turning_speed' k x u v c : k * x * (c * u + c * (c * - v)) + (v + c * u) * (k * (-1 * x))
  = c * (1 * (k * x * (u - c * v))) - k * x * (v + c * u).
Proof. by ring. Qed.
Lemma end_size u v c : u = c * v -> u ^+ 2 + v ^+ 2 = 1 -> (v + c * u) ^+ 2 = 1 + c ^+ 2.
Proof.
move=> -> one; have -> : (v + c * (c * v)) ^+ 2 = (1 + c ^+ 2) * ((c * v) ^+ 2 + v ^+ 2) by ring.
by rewrite one mulr1.
Qed.
End Identities.

Section QuarterTurn.
Variables (R : realType) (c : R).
Let A (d0 d1 : R) := rotation c *m diag_mx (rv2 d0 d1) + 0 - 1%:M.

Lemma slopes_allowed d0 d1 : 0 <= d0 <= 1 -> 0 <= d1 <= 1 -> outside 0 1 (rotation c) 0 (A d0 d1).
Proof. by move=> h0 h1; exists (rv2 d0 d1) => // i; rewrite mxE; case: (i == 0). Qed.

Lemma image_at d0 d1 x y : A d0 d1 *m cv2 x y = cv2 (- c * (d1 * y) - x) (c * (d0 * x) - y).
Proof.
rewrite /A addr0 mulmxBl mul1mx -mulmxA rotation_image mul_diag_mx; apply/colP => i; rewrite !mxE /=.
by case: i => [[|[|//]] ?].
Qed.

(** The two phases. *)
Definition leaking (t : R) := cv2 (expR (-1 * t)) (c * t * expR (-1 * t)).
Definition turning (s : R) :=
  cv2 (expR (-1) * expR (-1 * s) * (cos (c * s) - c * sin (c * s)))
      (expR (-1) * expR (-1 * s) * (sin (c * s) + c * cos (c * s))).

Lemma pair_velocity (x y dx dy : R -> R) (f : R -> 'cV[R]_2) : moves x dx -> moves y dy ->
  (forall t, f t = cv2 (dx t) (dy t)) -> velocity (fun t => cv2 (x t) (y t)) f.
Proof.
move=> hx hy fE i t t0; rewrite fE; case: i => [[|[|//]] p].
  by apply: (derive_value (derive_same (h := x) _ (hx t t0))) => [s|]; rewrite mxE.
by apply: (derive_value (derive_same (h := y) _ (hy t t0))) => [s|]; rewrite mxE.
Qed.

Lemma linear_speed t : is_derive t (1 : R) (fun s : R => c * s) c.
Proof. by apply: (derive_value (is_deriveZ c (is_derive_id t (1 : R)))); rewrite /GRing.scale /= mulr1. Qed.

Lemma cos_speed t : is_derive t (1 : R) (fun s : R => cos (c * s)) (c * - sin (c * t)).
Proof. by apply: (derive_value (is_derive1_comp (is_derive_cos _) (linear_speed t))); rewrite mulrC. Qed.

Lemma sin_speed t : is_derive t (1 : R) (fun s : R => sin (c * s)) (c * cos (c * t)).
Proof. by apply: (derive_value (is_derive1_comp (is_derive_sin _) (linear_speed t))); rewrite mulrC. Qed.

Theorem leaking_solves : velocity leaking (fun t => A 1 0 *m leaking t).
Proof.
apply: (pair_velocity (dx := fun t => -1 * expR (-1 * t))
  (dy := fun t => c * (1 * expR (-1 * t)) - c * t * expR (-1 * t))).
- by move=> t _; apply: derive_exponential.
- move=> t _; apply: (derive_value (is_deriveM (linear_speed t) (derive_exponential (-1) t))).
  exact: (@leaking_speed R).
by move=> t; rewrite image_at; congr cv2; rewrite mul0r mulr0 sub0r -[LHS]mulN1r.
Qed.

Theorem turning_solves : velocity turning (fun s => A 1 1 *m turning s).
Proof.
have dE (t : R) := is_deriveZ (expR (-1)) (derive_exponential (-1) t).
pose k t : R := expR (-1) * expR (-1 * t).
pose x t : R := k t * (cos (c * t) - c * sin (c * t)); pose y t : R := k t * (sin (c * t) + c * cos (c * t)).
apply: (pair_velocity (x := x) (y := y) (dx := fun t => - c * (1 * y t) - x t) (dy := fun t => c * (1 * x t) - y t)).
- move=> t _; have d := is_deriveM (dE t) (is_deriveB (cos_speed t) (is_deriveZ c (sin_speed t))).
  by apply: (derive_value d); exact: (@turning_speed R).
- move=> t _; have d := is_deriveM (dE t) (is_deriveD (sin_speed t) (is_deriveZ c (cos_speed t))).
  by apply: (derive_value d); exact: (@turning_speed' R).
by move=> t; rewrite image_at.
Qed.

(** The second phase starts where the first ends, and ends on the other axis. *)
Theorem quarter_turn s : cos (c * s) = c * sin (c * s) -> exists q : R,
  [/\ leaking 0 = cv2 1 0, turning 0 = leaking 1, turning s = cv2 0 q &
      q ^+ 2 = (1 + c ^+ 2) * expR (-1 - s) ^+ 2].
Proof.
move=> stop; exists (expR (-1) * expR (-1 * s) * (sin (c * s) + c * cos (c * s))); split.
- by rewrite /leaking !mulr0 expR0 mul0r.
- by rewrite /leaking /turning !mulr0 expR0 cos0 sin0 !mulr1 mulr0 subr0 add0r mulr1 [expR _ * c]mulrC.
- by rewrite /turning stop subrr mulr0.
have size := @end_size R _ _ _ stop (cos2Dsin2 (c * s)).
by rewrite exprMn size mulrC -expRD mulN1r.
Qed.

(** A quarter turn later: with the slopes exchanged, what is turned by (x, y) -> (-y, x) moves in the same way. *)
Theorem exchanged d0 d1 x y (v := A d0 d1 *m cv2 x y) : A d1 d0 *m cv2 (- y) x = cv2 (- v 1 0) (v 0 0).
Proof.
rewrite /v !image_at !mxE /=; congr cv2; first by rewrite opprK opprB mulNr addrC.
by rewrite mulrN mulrN mulNr.
Qed.

End QuarterTurn.
