(** A metric that is block diagonal along components, cut into theirs: where a step takes its norms. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy Components BlockNorm.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks
  ExecutableAbsoluteValue ExecutableDense ExecutableRestriction ExecutableGauges ExecutableAssembly ExecutableJoin.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition cut_factor us F := match F with
  | One => One | Diagonal d => Diagonal (vsub_ us d) | Full A => Full (msub_ us us A) end.

Definition cut us J := Gauge (cut_factor us (numerator J)) (cut_factor us (denominator J))
  (vsub_ us (lowest J)) (vsub_ us (highest J)) (vsub_ us (floor J)).

(** Nothing runs across the components. *)
Definition cuts n a J := pairs_ a (fun i j => (i == j) ||
  vanishes (between_parts a (whole_factor n (numerator J)) i j) &&
  vanishes (between_parts a (whole_factor n (denominator J)) i j)).

Definition cut_gauges a J := map (fun us => cut us J) (parts a).

Section Meaning.
Variables (R : realFieldType) (n : nat) (a : assembly).
Local Notation qr := (qr R).
Local Notation mx := (mx R).
Local Notation rv := (rv R).
Local Notation p := (size (parts a)).
Hypothesis whole : partitions n (parts a).
Variable k0 : 'I_n.
Local Notation u := (@unit_ n k0 (parts a)).
Local Notation s := (@size_ (parts a)).
Local Notation block := (block (R := R) u).
Let uP := parts_components k0 whole.
Variables (J : gauge) (M : 'M[R]_n).
Hypotheses (known : gauges J M) (shown : cuts n a J).

Lemma cut_factorE (i : 'I_p) F : fx R (s i) (cut_factor (part_ (parts a) i) F) = block i i (fx R n F).
Proof.
case: F => [|d|A] /=; rewrite ?block1 ?(mx_msub k0 whole) ?(rv_vsub k0 whole) //.
apply/matrixP => b c; rewrite blockE !mxE (inj_eq (@unit_inj _ _ _ _ uP i)).
by case: eqP => [->|]; rewrite ?mulr1n ?mulr0n.
Qed.

Lemma cut_blocks F : (forall i j : 'I_p, i != j -> vanishes (between_parts a (whole_factor n F) i j)) ->
  has_blocks u (fx R n F) (fun i => fx R (s i) (cut_factor (part_ (parts a) i) F)).
Proof.
move=> off; split=> [i|i j ij]; first by rewrite cut_factorE.
by rewrite -whole_factorE -(mx_msub k0 whole); apply: vanishesP; apply: off.
Qed.

Let off (i j : 'I_p) : i != j -> vanishes (between_parts a (whole_factor n (numerator J)) i j) /\
  vanishes (between_parts a (whole_factor n (denominator J)) i j).
Proof.
move=> ij; have := pairsP shown i j; have -> : (i == j :> nat) = false by apply/negbTE.
by case/andP.
Qed.

Let hA := cut_blocks (fun i j ij => proj1 (off ij)).
Let hB := cut_blocks (fun i j ij => proj2 (off ij)).

Definition own (i : 'I_p) : 'M[R]_(s i) := block i i M.

Lemma own_unit (i : 'I_p) : fx R (s i) (denominator (cut (part_ (parts a) i) J)) \in unitmx.
Proof.
have [_ _ uB _] := known; have /= e := congr1 (block i i) (mulmxV uB).
rewrite (block_mul uP) block1 // (bigD1 i) //= big1 ?addr0 in e; last first.
  by move=> k ki; rewrite (proj2 hB) ?mul0mx // eq_sym.
by rewrite (proj1 hB) in e; case/mulmx1_unit: e.
Qed.

Lemma own_blocks : has_blocks u M own.
Proof.
split=> // i j ij; have [_ [_ _ BM _] _ _] := known.
have := congr1 (block i j) BM; rewrite (block_mul uP) (bigD1 i) //= big1 ?addr0; last first.
  by move=> k ki; rewrite (proj2 hB) ?mul0mx // eq_sym.
rewrite (proj1 hB) (proj2 hA) // =>
  /(congr1 (mulmx (invmx (fx R (s i) (cut_factor (part_ (parts a) i) (denominator J)))))).
by rewrite mulKmx ?mulmx0 //; apply: own_unit.
Qed.

Lemma own_joint : M = blocks u own (const_mx 1 : 'rV_p) (const_mx 1).
Proof.
apply: (has_blocks_inj uP own_blocks);
  have := blocks_sum uP (fun i => (const_mx 1 : 'rV[R]_p) 0 i / (const_mx 1 : 'rV[R]_p) 0 i) own.
by apply: blocks_ext => i; rewrite mxE divr1 scale1r.
Qed.

Lemma own_form (i : 'I_p) X y : qf X (select R u i *m y) = qf (block i i X) y.
Proof.
by rewrite /qf /bf dot_trmx !mulmxA.
Qed.

Lemma own_diag (i : 'I_p) d y : qf (diag_mx (rv n d)) (select R u i *m y)
  = qf (diag_mx (rv (s i) (vsub_ (part_ (parts a) i) d))) y.
Proof. by rewrite own_form -(cut_factorE i (Diagonal d)). Qed.

Lemma cut_known (i : 'I_p) : gauges (cut (part_ (parts a) i) J) (own i).
Proof.
have [[pM lo hi] [sA sB BM AB] uB fl] := known.
have pi : posdef (own i).
  split=> [|y y0].
    by rewrite /symmetric /own -block_tr (posdef_symmetric pM).
  rewrite -own_form; apply: pM.2; apply: contraNneq y0 => e.
  have := congr1 (fun z => (select R u i)^T *m z) e; rewrite mulmx0 mulmxA.
  have -> : (select R u i)^T *m select R u i = 1%:M by rewrite -(block1 R uP i) /Components.block mulmx1.
  by rewrite mul1mx => ->.
split=> //.
- by split=> // y; rewrite -own_diag -own_form.
- split=> //=; rewrite !cut_factorE.
  + by rewrite /symmetric -block_tr sA.
  + by rewrite /symmetric -block_tr sB.
  have := congr1 (block i i) BM; rewrite (block_mul uP) (bigD1 i) //= big1 ?addr0 // => k ki.
  by rewrite (proj2 own_blocks) ?mulmx0.
- exact: own_unit.
move=> y /=; rewrite !cut_factorE -own_diag; apply: (le_trans (fl _)); rewrite own_form.
by rewrite (block_mul uP) (bigD1 i) //= big1 ?addr0 // => k ki; rewrite (proj2 hA) ?mul0mx // eq_sym.
Qed.

Lemma cut_nth (i : 'I_p) : nth no_gauge (cut_gauges a J) i = cut (part_ (parts a) i) J.
Proof. by rewrite (nth_map [::]). Qed.

End Meaning.
