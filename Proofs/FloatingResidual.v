(** FactorResidual.swift: the row sums of |A - c - R^T R|, rounded up, below c show that A is positive definite, from
    entries of R^T R known to lie in intervals; those of the kernel's product do (FloatingMatrix.v). *)
From Coq Require Import ZArith Reals Lra Lia Arith ssreflect ssrbool ssrfun.
From Flocq Require Import Core BinarySingleNaN.
From Certify Require Import FloatingPoint FloatingRounding FloatingProducts FloatingInterval FloatingSums
  FloatingMatrix.

Local Open Scope R_scope.

Section Residual.
Variables (n m : nat) (matrix gram : nat -> nat -> interval) (c : double).

(** |a_ij - c [i = j] - g_ij|, rounded up, of the upper triangle. *)
Definition residual (i j : nat) : double :=
  magnitude (sub (if Nat.eqb i j then sub (matrix i j) (point c) else matrix i j) (gram i j)).

(** sums[k], as entries (j, k), j < k, and then (k, j), j >= k, of the upper triangle add to it. *)
Fixpoint rowSum (k l : nat) : double :=
  match l with O => zero | S j => addingUp (rowSum k j) (residual (Nat.min k j) (Nat.max k j)) end.

(** [isPositiveDefinite(withFactor:shift:)] answers true. *)
Definition isPositiveDefinite : Prop :=
  is_finite c /\ forall k, (k < n)%nat -> flt (rowSum k n) c.

Theorem isPositiveDefinite_sound (A Q : nat -> nat -> R) : isPositiveDefinite ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> A i j = A j i) ->
  (forall i j, (i <= j < n)%nat -> contains (matrix i j) (A i j)) ->
  (forall i j, (i <= j < n)%nat -> contains (gram i j) (sum m (fun k => Q k i * Q k j))) ->
  posdef n A.
Proof.
move=> [Fc pass] sA hA hG.
pose E i j := Rabs (A i j - (if Nat.eqb i j then val c else 0) - sum m (fun k => Q k i * Q k j)).
have sE i j : (i < n)%nat -> (j < n)%nat -> E i j = E j i.
  move=> hi hj; rewrite /E (sA i j hi hj) Nat.eqb_sym; congr (Rabs (_ - _)).
  by apply: sum_ext => k _; ring.
apply: (posdef_residual n m A Q E (val c) sE); first by move=> *; apply: Rle_refl.
have res i j : (i <= j < n)%nat -> above (E i j) (residual i j).
  move=> h; apply: magnitude_above; apply: contains_sub; last exact: hG.
  case: Nat.eqb; last by rewrite Rminus_0_r; apply: hA.
  by apply: contains_sub; [apply: hA | split; [apply: below_val | apply: above_val]].
move=> k hk; apply: above_flt (pass k hk) => //.
suff : forall l, (l <= n)%nat -> above (sum l (E k)) (rowSum k l) by apply.
elim=> [|l IH] hl; first by rewrite /=; apply: (above_val zero).
apply: addingUp_above; first by apply: IH; lia.
have := res (Nat.min k l) (Nat.max k l) ltac:(lia).
case: (Nat.le_ge_cases k l) => kl; first by rewrite Nat.min_l // Nat.max_r.
by rewrite Nat.min_r // Nat.max_l // (sE l k) //; lia.
Qed.

End Residual.

(** With the kernel's own product, for a factor of up to 256 rows. *)
Theorem isPositiveDefinite_factor n m (matrix : nat -> nat -> interval) (Q : nat -> nat -> double) (c : double)
    (A : nat -> nat -> R) : (0 < m)%nat -> INR m <= 67108864 ->
  isPositiveDefinite n matrix (fun i j => productEntry m (fun k => Q k i) (fun k => Q k j) None None) c ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> A i j = A j i) ->
  (forall i j, (i <= j < n)%nat -> contains (matrix i j) (A i j)) ->
  posdef n A.
Proof.
move=> m0 small pass sA hA.
apply: (isPositiveDefinite_sound n m matrix _ c A (fun k i => val (Q k i)) pass sA hA) => i j _.
exact: (productEntry_contains m (fun k => Q k i) (fun k => Q k j) None None (fun k => val (Q k i))
  (fun k => val (Q k j)) m0 small (fun _ _ _ => erefl) (fun _ _ _ => erefl)).
Qed.
