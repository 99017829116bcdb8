(** How the kernel shows that a vertex is unstable without an eigenvalue (Swift: [UnstableVertex], [Perron];
    theory F4, 1 and 3b).

        determinant   det(-A) <= 0: a real eigenvalue >= 0 (a map: det(1 - A) <= 0, an eigenvalue >= 1)
        flip          a map: det(1 + A) <= 0, an eigenvalue <= -1
        inertia       M with 2cM - MA - A^T M > 0 (a map: c^2 M - A^T M A > 0) and x^T M x <= 0

    The first two are over a real closed field. Inertia is over an archimedean one: in a metric that certifies,
    iterates of x would tend to 0, while x^T M x <= 0 decreases. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms UnstableVertex.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Determinant.
Variables (R : rcfType) (n : nat).
Implicit Types (F : family R n) (A M : 'M[R]_n).

(** A real eigenvalue >= c from the sign of det(c - A). *)
Lemma eigenvalue_above A c : \det (c%:M - A) <= 0 ->
  exists s (x : 'cV[R]_n), [/\ c <= s, x != 0 & A *m x = s *: x].
Proof.
move=> d0; have pc : (char_poly A^T).[c] <= 0.
  rewrite /char_poly -horner_evalE -det_map_mx /char_poly_mx map_mxB map_scalar_mx -map_mx_comp /=.
  rewrite (_ : map_mx _ _ = A^T) ?horner_evalE ?hornerX; last first.
    by apply/matrixP => i j; rewrite !mxE /= horner_evalE hornerC.
  by rewrite -det_tr linearB /= trmxK tr_scalar_mx.
have [b big] := monic_Cauchy_bound (char_poly_monic A^T).
have cb : c <= Num.max b c by rewrite le_maxr lexx orbT.
have ends : (char_poly A^T).[c] <= 0 <= (char_poly A^T).[Num.max b c].
  by rewrite pc ltW // big // le_maxr lexx.
have [s /andP[cs _] ps] := poly_ivt cb ends.
move: ps; rewrite -eigenvalue_root_char => /eigenvalueP[v vA v0].
exists s, v^T; split=> //; first by rewrite -trmx0 (inj_eq (can_inj (@trmxK _ _ _))).
by rewrite -[A]trmxK -trmx_mul vA linearZ.
Qed.

Theorem principal_minor F A : F A -> \det (- A) <= 0 -> forall M lam, 0 < lam -> ~ certifies F M lam.
Proof.
move=> FA d0; have [|s [x [s0 x0 eig]]] := @eigenvalue_above A 0; first by rewrite raddf0 sub0r.
exact: unstable_vertex eig.
Qed.

Theorem principal_minor_map F A : F A -> \det (1%:M - A) <= 0 ->
  forall M rho, 0 <= rho < 1 -> ~ contracts F M rho.
Proof.
move=> FA /eigenvalue_above[s [x [s1 x0 eig]]]; apply: (unstable_map FA x0 _ eig).
by rewrite expr_ge1 // (le_trans ler01).
Qed.

Theorem flip F A : F A -> \det (1%:M + A) <= 0 -> forall M rho, 0 <= rho < 1 -> ~ contracts F M rho.
Proof.
move=> FA; rewrite -[A in 1%:M + A]opprK => /eigenvalue_above[s [x [s1 x0 eig]]].
apply: (@unstable_map R n F A x (- s)) => //; first by rewrite sqrrN expr_ge1 // (le_trans ler01).
by rewrite scaleNr -eig mulNmx opprK.
Qed.

End Determinant.

Section Bounds.
Variables (R : realFieldType) (n : nat).
Implicit Types (M P : 'M[R]_n).

(** Every form is bounded by a positive definite one. *)
Lemma dot_bounded P : posdef P -> exists2 c, 0 <= c & forall e, dot e e <= c * qf P e.
Proof.
move=> pP; pose d i : 'cV[R]_n := invmx P *m delta_mx i 0; have uP := posdef_unit pP.
exists (\sum_i qf P (d i)) => [|e]; first by apply: sumr_ge0 => i _; apply: posdef_nonneg.
rewrite mulr_suml; apply: ler_sum => i _.
have -> : e i 0 * e i 0 = bf P (d i) e ^+ 2.
  rewrite (bfC _ _ (posdef_symmetric pP)) /bf /d mulKVmx // /dot (bigD1 i) //= big1 => [|j ji].
    by rewrite !mxE !eqxx mulr1 addr0 expr2.
  by rewrite !mxE (negbTE ji) mulr0.
exact: cauchy_schwarz (posdef_symmetric pP) (posdef_nonneg pP).
Qed.

Lemma form_bounded M P : posdef P -> exists2 c, 0 <= c & forall e, `|qf M e| <= c * qf P e.
Proof.
move=> pP; have [c c0 h] := dot_bounded pP.
exists (c * \sum_i \sum_j `|M i j|) => [|e].
  by rewrite mulr_ge0 // sumr_ge0 // => i _; rewrite sumr_ge0.
have coord i : `|e i 0| ^+ 2 <= dot e e.
  rewrite real_normK ?num_real // /dot (bigD1 i) //= -expr2 ler_addl sumr_ge0 // => j _.
  by rewrite -expr2 sqr_ge0.
have pair i j : `|e i 0| * `|e j 0| <= dot e e.
  apply: (@le_trans _ _ ((`|e i 0| ^+ 2 + `|e j 0| ^+ 2) / 2%:R)).
    apply: (le_by (s := (`|e i 0| - `|e j 0|) ^+ 2 / 2%:R)); first by field.
    by rewrite divr_ge0 ?sqr_ge0 ?ler0n.
  by rewrite ler_pdivr_mulr ?ltr0n // mulr_natr mulr2n ler_add.
apply: (@le_trans _ _ (\sum_i \sum_j `|M i j| * dot e e)); last first.
  under eq_bigr => i _ do rewrite -mulr_suml; rewrite -mulr_suml [c * _]mulrC -mulrA.
  by apply: ler_wpmul2l (h e); rewrite sumr_ge0 // => i _; rewrite sumr_ge0.
apply: (le_trans (ler_norm_sum _ _ _)); apply: ler_sum => i _.
rewrite normrM mxE; apply: (@le_trans _ _ (`|e i 0| * \sum_j `|M i j * e j 0|)).
  by apply: ler_wpmul2l; [exact: normr_ge0 | apply: ler_norm_sum].
rewrite mulr_sumr; apply: ler_sum => j _; rewrite normrM mulrCA.
by apply: ler_wpmul2l; [exact: normr_ge0 | apply: pair].
Qed.

End Bounds.

Section Inertia.
Variables (R : archiFieldType) (n : nat).
Implicit Types (F : family R n) (A M P : 'M[R]_n).

Lemma powers_vanish (q c d : R) : 0 <= q < 1 -> 0 < d -> exists k, c * q ^+ k < d.
Proof.
move=> /andP[q0 q1] d0; case: (lerP c 0) => [c0|c0].
  by exists 0%N; rewrite expr0 mulr1 (le_lt_trans c0).
case: (eqVneq q 0) => [->|qn]; first by exists 1%N; rewrite expr1 mulr0.
have qp : 0 < q by rewrite lt_neqAle eq_sym qn.
pose t := q^-1 - 1; have t0 : 0 < t by rewrite subr_gt0 invf_gt1.
have bern k : 1 + k%:R * t <= q^-1 ^+ k.
  elim: k => [|k IH]; first by rewrite mul0r addr0 expr0.
  rewrite exprS; have e : q^-1 = 1 + t by rewrite addrC subrK.
  apply: (@le_trans _ _ ((1 + t) * (1 + k%:R * t))); last first.
    by rewrite -e; apply: ler_wpmul2l IH; rewrite invr_ge0.
  apply: (le_by (s := k%:R * t ^+ 2)); first by rewrite -addn1 natrD; ring.
  by rewrite mulr_ge0 ?ler0n ?sqr_ge0.
pose m := Num.bound (c / d / t); exists m.
have ct : 0 <= c / d / t by rewrite !divr_ge0 // ltW.
have := archi_boundP ct; rewrite -/m ltr_pdivr_mulr // => hm.
have qk : 0 < q ^+ m by rewrite exprn_gt0.
rewrite -ltr_pdivl_mulr // -exprVn mulrC -ltr_pdivr_mulr //; apply: (lt_le_trans hm).
by apply: le_trans (bern m); rewrite ler_addr ler01.
Qed.

(** Iterates that tend to 0 in P while x^T M x <= 0 decreases. *)
Lemma no_decrease (B M P : 'M[R]_n) x q : posdef P -> 0 <= q < 1 -> x != 0 -> qf M x <= 0 ->
  (forall e, qf P (B *m e) <= q * qf P e) -> (forall e, e != 0 -> qf M (B *m e) < qf M e) -> False.
Proof.
move=> pP q01 x0 Mx small drop; have /andP[q0 _] := q01.
have V1 : qf M (B *m x) < 0 := lt_le_trans (drop x x0) Mx.
pose y k := iter k (mulmx B) (B *m x).
have Vk k : qf M (y k) <= qf M (B *m x).
  elim: k => [|k IH]; first exact: lexx.
  rewrite /y iterS -/(y k); case: (eqVneq (y k) 0) => [e|ne]; last exact: le_trans (ltW (drop _ ne)) IH.
  by rewrite e mulmx0 -[X in qf M X]e.
have Pk k : qf P (y k) <= q ^+ k * qf P (B *m x).
  elim: k => [|k IH]; first by rewrite expr0 mul1r.
  rewrite /y iterS -/(y k) exprS -mulrA; apply: (le_trans (small _)).
  exact: (ler_wpmul2l q0 IH).
have [C C0 bound] := form_bounded M pP.
have V0 : 0 < - qf M (B *m x) by rewrite oppr_gt0.
have [k] := powers_vanish (C * qf P (B *m x)) q01 V0; apply/negP; rewrite -leNgt.
apply: (@le_trans _ _ (- qf M (y k))); first by rewrite ler_opp2.
apply: (le_trans (ler_norm _)); rewrite normrN; apply: (le_trans (bound (y k))).
by rewrite -mulrA; apply: ler_wpmul2l => //; rewrite mulrC.
Qed.

Theorem inertia_map F A M x c : F A -> 1 <= c -> x != 0 -> qf M x <= 0 ->
  (forall e, e != 0 -> 0 < qf (c ^+ 2 *: M - A^T *m M *m A) e) ->
  forall P rho, 0 <= rho < 1 -> ~ contracts F P rho.
Proof.
move=> FA c1 x0 Mx dec P rho /andP[r0 r1] [pP sh].
have c0 : 0 < c by rewrite (lt_le_trans ltr01).
apply: (@no_decrease (c^-1 *: A) M P x (rho ^+ 2) pP _ x0 Mx) => [|e|e e0].
- by rewrite sqr_ge0 expr_lt1.
- rewrite -scalemxAl qfZ; apply: (le_trans (ler_wpmul2l (sqr_ge0 _) (sh A FA e))).
  rewrite mulrA; apply: ler_wpmul2r; first exact: posdef_nonneg.
  rewrite -[X in _ <= X]mul1r; apply: ler_wpmul2r; first exact: sqr_ge0.
  by rewrite exprVn invf_le1 ?exprn_gt0 // expr_ge1 // ltW.
have := dec e e0; rewrite {1}/qf bfMD bfMZ bfMN bf_mul bf_mulT -!/(qf _ _) subr_gt0 => h.
by rewrite -scalemxAl qfZ exprVn mulrC ltr_pdivr_mulr ?exprn_gt0 // mulrC.
Qed.

(** The flow, by the Cayley transform (1 - N)^-1 (1 + N), N = A - c. *)
Theorem inertia F A M x c : F A -> 0 <= c -> x != 0 -> symmetric M -> qf M x <= 0 ->
  (forall e, e != 0 -> 0 < qf ((2%:R * c) *: M - M *m A - A^T *m M) e) ->
  forall P lam, 0 < lam -> ~ certifies F P lam.
Proof.
move=> FA c0 x0 sM Mx dec P lam l0 [pP dP]; have sP := posdef_symmetric pP; have nP := posdef_nonneg pP.
pose N := A - c%:M.
have NE e : N *m e = A *m e - c *: e by rewrite mulmxBl mul_scalar_mx.
have dN e : bf P e (N *m e) <= - (lam * qf P e).
  rewrite NE bfDr bfNr bfZr -/(qf P e); apply: le_trans (dP A FA e).
  by rewrite ger_addl oppr_le0 mulr_ge0.
have mN e : e != 0 -> bf M e (N *m e) < 0.
  move=> /dec; rewrite {1}/qf !bfMD !bfMN bfMZ bf_mul bf_mulT (bfC (A *m e) e sM) -/(qf M e).
  rewrite NE bfDr bfNr bfZr -/(qf M e) => h; have two : 0 < 2%:R :> R by rewrite ltr0n.
  rewrite -(pmulr_rlt0 _ two) -oppr_gt0; move: h; set a := bf _ _ _; set b := qf _ _.
  by have -> : - (2%:R * (a - c * b)) = 2%:R * c * b - a - a by ring.
have unitN : 1%:M - N \in unitmx.
  rewrite -unitmx_tr -row_free_unit -kermx_eq0 -submx0; apply/rV_subP => v.
  rewrite submx0 => /sub_kermxP /(congr1 trmx); rewrite trmx_mul trmxK trmx0 => z0.
  suff : v^T = 0 by move/(congr1 trmx); rewrite trmxK trmx0 => ->.
  apply: (posdef_eq0 pP); have := dN v^T.
  have -> : N *m v^T = v^T by apply/eqP; rewrite -subr_eq0 -oppr_eq0 opprB -[X in X - _]mul1mx -mulmxBl z0.
  rewrite -/(qf P v^T) -subr_ge0 => h; rewrite -oppr_ge0; apply: (le_trans h).
  by rewrite ger_addr oppr_le0 mulr_ge0 ?(ltW l0).
pose B := (1%:M + N) *m invmx (1%:M - N).
have cayley Q e (z := invmx (1%:M - N) *m e) : symmetric Q ->
    qf Q (B *m e) = qf Q e + 4%:R * bf Q z (N *m z).
  move=> sQ; have -> : B *m e = z + N *m z by rewrite /B -mulmxA mulmxDl mul1mx.
  have -> : e = z - N *m z by rewrite -[e in LHS](mulKVmx unitN) mulmxBl mul1mx.
  by rewrite !qfD // qfN bfNr; ring.
have [C C0 bound] := form_bounded ((1%:M - N)^T *m P *m (1%:M - N)) pP.
pose D := C + 4%:R * lam + 1.
have l4 : 0 < 4%:R * lam by rewrite mulr_gt0 ?ltr0n.
have D0 : 0 < D by rewrite ltr_spaddr ?ltr01 // addr_ge0 // ltW.
apply: (@no_decrease B M P x (1 - 4%:R * lam / D) pP _ x0 Mx) => [|e|e e0].
- rewrite subr_ge0 ler_pdivr_mulr // mul1r gtr_addl oppr_lt0 divr_gt0 // andbT.
  by rewrite /D addrAC ler_addr addr_ge0.
- rewrite cayley //; set z := invmx _ *m e; have h := dN z.
  have h2 : qf P e <= D * qf P z.
    apply: (@le_trans _ _ (C * qf P z)); last first.
      have CD : C <= D by rewrite /D -addrA ler_addl addr_ge0 ?ler01 // ltW.
      exact: (ler_wpmul2r (nP z) CD).
    apply: le_trans (bound z); apply: le_trans (ler_norm _); rewrite /qf bf_mul bf_mulT.
    by rewrite -[e](mulKVmx unitN) -/z.
  have h3 : lam * qf P e / D <= lam * qf P z.
    by rewrite ler_pdivr_mulr // -mulrA; apply: ler_wpmul2l; [apply: ltW | rewrite mulrC].
  rewrite -subr_ge0 in h3; rewrite -subr_ge0 in h.
  apply: (le_by (s := 4%:R * (- (lam * qf P z) - bf P z (N *m z)) + 4%:R * (lam * qf P z - lam * qf P e / D))).
    by ring.
  by rewrite addr_ge0 // mulr_ge0 ?ler0n.
rewrite cayley // gtr_addl pmulr_rlt0 ?ltr0n //; apply: mN.
by apply: contraNneq e0 => z0; rewrite -[e](mulKVmx unitN) z0 mulmx0.
Qed.

End Inertia.
