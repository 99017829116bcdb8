(** Components: the units of a network in disjoint sets, blocks between them, and one metric from theirs (Swift:
    [Partition], [MetricBounds.blocks]; theory 4).

    Component i has s_i units, u_i(0), u_i(1), ...; its blocks may be rectangular. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Components.
Variables (R : realFieldType) (n p : nat) (s : 'I_p -> nat).
Variable u : forall i, 'I_(s i) -> 'I_n.

(** Every unit stands in one place of one component. *)
Definition unit_at (q : {i : 'I_p & 'I_(s i)}) : 'I_n := u (tagged q).
Definition components := bijective unit_at.

Definition select i : 'M[R]_(n, s i) := \matrix_(k, a) (k == u a)%:R.
Definition block i j (X : 'M[R]_n) : 'M[R]_(s i, s j) := (select i)^T *m X *m select j.
Definition piece i (e : 'cV[R]_n) : 'cV[R]_(s i) := (select i)^T *m e.
Definition row_piece i (e : 'rV[R]_n) : 'rV[R]_(s i) := \row_a e 0 (u a).

Lemma select_mul m i (X : 'M[R]_(n, m)) a b : ((select i)^T *m X) a b = X (u a) b.
Proof.
rewrite mxE (bigD1 (u a)) //= !mxE eqxx mul1r big1 ?addr0 // => k ka.
by rewrite !mxE (negbTE ka) mul0r.
Qed.

Lemma pieceE i e (a : 'I_(s i)) : piece i e a 0 = e (u a) 0.
Proof. exact: select_mul. Qed.

Lemma blockE i j X (a : 'I_(s i)) (b : 'I_(s j)) : block i j X a b = X (u a) (u b).
Proof.
rewrite /block -mulmxA select_mul mxE (bigD1 (u b)) //= !mxE eqxx mulr1 big1 ?addr0 // => k kb.
by rewrite !mxE (negbTE kb) mulr0.
Qed.

Lemma block_image i j X x : block i j X *m x = piece i (X *m (select j *m x)).
Proof. by rewrite /block /piece !mulmxA. Qed.

(** ** Blocks of products with diagonal matrices, and of restricted networks *)

Lemma blockD i j X Y : block i j (X + Y) = block i j X + block i j Y.
Proof. by apply/matrixP => a b; rewrite [in RHS]mxE !blockE mxE. Qed.
Lemma blockN i j X : block i j (- X) = - block i j X.
Proof. by apply/matrixP => a b; rewrite [in RHS]mxE !blockE mxE. Qed.
Lemma blockZ i j c X : block i j (c *: X) = c *: block i j X.
Proof. by apply/matrixP => a b; rewrite [in RHS]mxE !blockE mxE. Qed.
Lemma block_diagl i j d X : block i j (diag_mx d *m X) = diag_mx (row_piece i d) *m block i j X.
Proof. by apply/matrixP => a b; rewrite blockE !mul_diag_mx [LHS]mxE [RHS]mxE blockE mxE. Qed.
Lemma block_diagr i j d X : block i j (X *m diag_mx d) = block i j X *m diag_mx (row_piece j d).
Proof. by apply/matrixP => a b; rewrite blockE !mul_mx_diag [LHS]mxE [RHS]mxE blockE mxE. Qed.

Lemma slopes_piece l g (d : 'rV[R]_n) i : slopes l g d -> slopes l g (row_piece i d).
Proof. by move=> sd a; rewrite mxE. Qed.

Hypothesis uP : components.

Lemma unit_inj i : injective (@u i).
Proof.
move=> a b e; have : Tagged (fun i => 'I_(s i)) a = Tagged (fun i => 'I_(s i)) b by apply: (bij_inj uP).
by move/eqP; rewrite eq_Tagged => /eqP.
Qed.

Lemma unit_apart i j (a : 'I_(s i)) (b : 'I_(s j)) : i != j -> (u a == u b) = false.
Proof.
move=> ij; apply/negP => /eqP e.
have : Tagged (fun i => 'I_(s i)) a = Tagged (fun i => 'I_(s i)) b by apply: (bij_inj uP).
by move/(congr1 tag)/eqP; rewrite (negbTE ij).
Qed.

Lemma block1 i : block i i 1%:M = 1%:M.
Proof. by apply/matrixP => a b; rewrite blockE !mxE (inj_eq (@unit_inj i)). Qed.

Lemma block_off1 i j : i != j -> block i j 1%:M = 0.
Proof. by move=> ij; apply/matrixP => a b; rewrite blockE !mxE unit_apart. Qed.

Lemma sum_units (f : 'I_n -> R) : \sum_k f k = \sum_i \sum_(a < s i) f (u a).
Proof. by rewrite sig_big_dep (reindex unit_at) //=; apply: onW_bij. Qed.

Lemma piece_image i A e : piece i (A *m e) = \sum_j block i j A *m piece j e.
Proof.
apply/colP => a; rewrite pieceE summxE mxE sum_units; apply: eq_bigr => j _.
by rewrite mxE; apply: eq_bigr => b _; rewrite blockE pieceE.
Qed.

Lemma pieces_eq0 e : (forall i, piece i e = 0) -> e = 0.
Proof.
move=> all0; case: uP => place _ placeK; apply/colP => k; rewrite mxE -(placeK k) /unit_at.
by rewrite -pieceE all0 mxE.
Qed.

(** ** The joint metric *)

Variable M : forall i, 'M[R]_(s i).
Hypothesis pM : forall i, posdef (M i).

(** M_i, filled with zeros outside component i. *)
Definition padded i : 'M[R]_n := select i *m M i *m (select i)^T.

Lemma bf_padded i e f : bf (padded i) e f = bf (M i) (piece i e) (piece i f).
Proof. by rewrite /padded /piece !bfE trmx_mul trmxK !mulmxA. Qed.

Lemma qf_padded i e : qf (padded i) e = qf (M i) (piece i e).
Proof. exact: bf_padded. Qed.

Lemma padded_symmetric i : symmetric (padded i).
Proof. by rewrite /symmetric !trmx_mul trmxK (posdef_symmetric (pM i)) mulmxA. Qed.

Lemma padded_nonneg i : nonneg (padded i).
Proof. by move=> e; rewrite qf_padded; apply: posdef_nonneg. Qed.

Lemma padded_full e : e != 0 -> exists i, 0 < qf (padded i) e.
Proof.
move=> e0; have [i pi|none] := pickP (fun i => piece i e != 0).
  by exists i; rewrite qf_padded; apply: (pM i).2.
by case/eqP: e0; apply: pieces_eq0 => i; have /negbFE/eqP := none i.
Qed.

(** blkdiag((w_i / v_i) M_i). *)
Definition blocks (v w : 'rV[R]_p) : 'M[R]_n := joint padded v w.

Lemma bf_blocks v w e f :
  bf (blocks v w) e f = \sum_i w 0 i / v 0 i * bf (M i) (piece i e) (piece i f).
Proof. by rewrite /blocks /joint bf_summ; apply: eq_bigr => i _; rewrite bfMZ bf_padded. Qed.

Lemma blocks_posdef v w : positive v -> positive w -> posdef (blocks v w).
Proof.
by move=> v0 w0; apply: joint_posdef padded_full _ _ v0 w0; [apply: padded_symmetric | apply: padded_nonneg].
Qed.

End Components.
