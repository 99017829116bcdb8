(** A symmetric nonnegative form over an ordered field is a sum of squares, so the trace of a product of two such
    is nonnegative: what the dual certificates rest on ([NoConstantMetric], [NoMultiplier]). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms NoConstantMetric.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Semidefinite.
Variable R : realFieldType.

(** S = sum_j a_j s_j s_j^T with a_j >= 0. *)
Definition squares n (S : 'M[R]_n) := exists (k : nat) (a : 'I_k -> R) (s : 'I_k -> 'cV[R]_n),
  (forall j, 0 <= a j) /\ S = \sum_j a j *: (s j *m (s j)^T).

Lemma squares_add n (S T : 'M[R]_n) a (s : 'cV[R]_n) : 0 <= a -> squares T -> S = a *: (s *m s^T) + T -> squares S.
Proof.
move=> a0 [k [b [t [b0 ->]]]] ->.
exists k.+1, (fun j => if unlift ord0 j is Some i then b i else a),
  (fun j => if unlift ord0 j is Some i then t i else s).
split=> [j|]; first by case: (unlift ord0 j).
rewrite big_ord_recl unlift_none; congr (_ + _); apply: eq_bigr => i _; by rewrite liftK.
Qed.

(** A zero on the diagonal clears its row. *)
Lemma nonneg_row n (S : 'M[R]_n) i : symmetric S -> nonneg S -> S i i = 0 -> forall j, S i j = 0.
Proof.
move=> sS nS Sii j; have := cauchy_schwarz (delta_mx i 0) (delta_mx j 0) sS nS.
have e k l : bf S (delta_mx k 0) (delta_mx l 0) = S k l.
  by rewrite bfE trmx_delta -rowE -colE !mxE.
rewrite /qf !e Sii mul0r => h; apply/eqP; rewrite -sqrf_eq0; apply/eqP/le_anti.
by rewrite h sqr_ge0.
Qed.

(** Elimination of the first k rows. *)
Theorem sum_of_squares n (S : 'M[R]_n) : symmetric S -> nonneg S -> squares S.
Proof.
suff upto k (T : 'M[R]_n) : symmetric T -> nonneg T -> (forall i j : 'I_n, (k <= i)%N -> T i j = 0) -> squares T.
  by move=> sS nS; apply: (upto n) => // i j; rewrite leqNgt ltn_ord.
elim: k T => [|k IH] T sT nT zero.
  exists 0%N, (fun=> 0), (fun=> 0); split=> [[]//|]; rewrite big_ord0.
  by apply/matrixP => i j; rewrite mxE zero.
case: (ltnP k n) => [kn|nk]; last first.
  by apply: IH => // i j ki; have := leq_trans (ltn_ord i) (leq_trans nk ki); rewrite ltnn.
pose o := Ordinal kn; pose p := T o o.
have e (k' l : 'I_n) : bf T (delta_mx k' 0) (delta_mx l 0) = T k' l.
  by rewrite bfE trmx_delta -rowE -colE !mxE.
have sym i j : T i j = T j i by rewrite -[in LHS]sT mxE.
have p0 : 0 <= p by have := nT (delta_mx o 0); rewrite /qf e.
have [pz|pn] := eqVneq p 0.
  apply: IH => // i j; rewrite leq_eqVlt => /orP[/eqP ki|]; last exact: zero.
  have -> : i = o by apply: val_inj.
  exact: nonneg_row.
pose s : 'cV[R]_n := col o T; pose U := T - p^-1 *: (s *m s^T).
have outer i j : (s *m s^T) i j = T i o * T j o by rewrite mxE big_ord1 !mxE.
have TE : T = p^-1 *: (s *m s^T) + U by rewrite addrC subrK.
apply: (squares_add _ _ TE); first by rewrite invr_ge0.
apply: IH => [|x|i j].
- by rewrite /symmetric /U linearB linearZ /= trmx_mul trmxK sT.
- pose b := bf T (delta_mx o 0) x; have sx : dot s x = b.
    rewrite /b bfE trmx_delta dotE; congr ((_ *m x) 0 0); apply/matrixP => i j.
    by rewrite -rowE !mxE sym.
  have -> : qf U x = qf T x - p^-1 * b ^+ 2.
    rewrite /qf /U bfMD bfMN bfMZ; congr (_ - _ * _).
    by rewrite bfE !mulmxA -mulmxA mxE big_ord1 -!dotE [dot x s]dotC sx expr2.
  have := nT (x - (p^-1 * b) *: delta_mx o 0).
  rewrite qfD // qfN qfZ bfNr bfZr (bfC x _ sT) -/b {2}/qf e -/p.
  have -> : qf T x + 2%:R * - (p^-1 * b * b) + (p^-1 * b) ^+ 2 * p = qf T x - p^-1 * b ^+ 2; last by [].
  by field.
rewrite leq_eqVlt => /orP[/eqP ki|ki]; rewrite /U mxE [X in _ + X]mxE [X in - X]mxE outer.
  have -> : i = o by apply: val_inj.
  by rewrite -/p mulKf // [T j o]sym subrr.
by rewrite !(zero i) // mul0r mulr0 subrr.
Qed.

(** The trace of a product. *)
Corollary trace_product n (M S : 'M[R]_n) : nonneg M -> symmetric S -> nonneg S -> 0 <= \tr (M *m S).
Proof.
move=> nM sS nS; have [k [a [s [a0 ->]]]] := sum_of_squares sS nS.
rewrite mulmx_sumr raddf_sum; apply: sumr_ge0 => j _ /=.
by rewrite -scalemxAr mxtraceZ trace_outer mulr_ge0 // nM.
Qed.

(** Negative on all vectors: the trace against a form that is not 0 is negative. *)
Corollary trace_negative n (Q Z : 'M[R]_n) : (forall x, x != 0 -> qf Q x < 0) -> symmetric Z -> nonneg Z -> Z != 0 ->
  \tr (Q *m Z) < 0.
Proof.
move=> neg sZ nZ; have [k [a [s [a0 ->]]]] := sum_of_squares sZ nZ; move=> Zn.
have Q0 x : qf Q x <= 0 by case: (eqVneq x 0) => [->|/neg/ltW//]; rewrite /qf bf0r.
have [j jn] : exists j, a j *: (s j *m (s j)^T) != 0.
  apply/existsP; rewrite -[X in is_true X]negbK; apply/negP => /existsPn all0.
  by move/negP: Zn; apply; apply/eqP/big1 => j _; have := all0 j; rewrite negbK => /eqP.
have [sn an] : s j != 0 /\ a j != 0.
  by split; apply: contraNneq jn => ->; rewrite ?scale0r // mul0mx scaler0.
have term i : \tr (Q *m (a i *: (s i *m (s i)^T))) = a i * qf Q (s i) by rewrite -scalemxAr mxtraceZ trace_outer.
rewrite mulmx_sumr raddf_sum /= (eq_bigr _ (fun i _ => term i)) (bigD1 j) //=.
rewrite -[X in _ < X]addr0; apply: ltr_le_add.
  by rewrite pmulr_rlt0 ?neg // lt_neqAle eq_sym an a0.
by rewrite -oppr_ge0 -sumrN; apply: sumr_ge0 => i _; rewrite oppr_ge0; apply: mulr_ge0_le0.
Qed.

End Semidefinite.
