(** The multiplier inequality (Swift: [SlopeLMI], [LureSystem]; theory 3 and E5).

    A system e' = F e + G v, v = D C e with slopes D in [l, g]; M > 0 and Lam = diag(Lam_i) >= 0:

        flow   -[[F^T M + M F + 2 lam M - 2lg C^T Lam C,  M G + (l+g) C^T Lam], [., -2 Lam]]         psd
        Euler  -[[F^T M F - rho^2 M - 2lg C^T Lam C,  F^T M G + (l+g) C^T Lam], [., G^T M G - 2 Lam]] psd

    give the rate lam and the factor rho. The kernel asks for > 0 where psd is enough. The inequalities are
    stated here as the quadratic forms of those matrices at (e, v). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section SlopeLMI.
Variables (R : realFieldType) (n : nat) (l g : R).
Variables (F G C M : 'M[R]_n) (Lam : 'rV[R]_n).
Hypotheses (pM : posdef M) (Lam0 : forall i, 0 <= Lam 0 i).
Local Notation Lambda := (diag_mx Lam).

(** F + G D C. *)
Definition lure : family R n := fun A =>
  exists2 d, slopes l g d & A = F + G *m diag_mx d *m C.

(** The block matrices. *)
Definition flow_matrix (lam : R) : 'M[R]_(n + n) := block_mx
  (F^T *m M + M *m F + (2%:R * lam) *: M - (2%:R * l * g) *: (C^T *m Lambda *m C))
  (M *m G + (l + g) *: (C^T *m Lambda))
  (M *m G + (l + g) *: (C^T *m Lambda))^T
  (- (2%:R *: Lambda)).

Definition euler_matrix (rho : R) : 'M[R]_(n + n) := block_mx
  (F^T *m M *m F - rho ^+ 2 *: M - (2%:R * l * g) *: (C^T *m Lambda *m C))
  (F^T *m M *m G + (l + g) *: (C^T *m Lambda))
  (F^T *m M *m G + (l + g) *: (C^T *m Lambda))^T
  (G^T *m M *m G - 2%:R *: Lambda).

Lemma qf_block (X Y Z : 'M[R]_n) (e v : 'cV[R]_n) :
  qf (block_mx X Y Y^T Z) (col_mx e v) = qf X e + 2%:R * bf Y e v + qf Z v.
Proof.
rewrite /qf !bfE tr_col_mx mul_row_block mul_row_col !mulmxDl mxE [in X in X + _]mxE.
rewrite [in X in _ + X]mxE -!bfE bfT; ring.
Qed.

Let products := (fun A : 'M[R]_n => @bf_mulT R n Lambda A, fun A : 'M[R]_n => @bf_mulT R n M A,
  bf_mul (C^T *m Lambda) C, bf_mul M F, bf_mul M G, bf_mul (F^T *m M) F, bf_mul (F^T *m M) G,
  bf_mul (G^T *m M) G).

(** The sector condition at y = C e. *)
Lemma sector_form d e (v := diag_mx d *m (C *m e)) : slopes l g d ->
  0 <= (l + g) * bf (C^T *m Lambda) e v - qf Lambda v - l * g * qf (C^T *m Lambda *m C) e.
Proof.
move=> sd; have := sector (C *m e) Lam0 sd; rewrite -/v.
rewrite !bfx (bfC v _ (diag_symmetric _)) /qf !products => h.
by rewrite -(subr0 (_ - _)) -(subrr 0); apply: (le_by _ h); ring.
Qed.

Lemma lure_image d (e : 'cV[R]_n) : (F + G *m diag_mx d *m C) *m e = F *m e + G *m (diag_mx d *m (C *m e)).
Proof. by rewrite mulmxDl -!mulmxA. Qed.

Theorem slope_lmi_flow lam : nonneg (- flow_matrix lam) -> certifies lure M lam.
Proof.
move=> lmi; split=> // _ [d sd ->] e; rewrite lure_image; set v := diag_mx d *m _.
have := lmi (col_mx e v); rewrite /qf bfMN -/(qf _ _) qf_block => h1.
have := sector_form e sd; rewrite -/v => h2; have sM := posdef_symmetric pM.
move: h1 h2; rewrite bfDr /qf !(bfMD, bfMN, bfMZ) !products (bfC (F *m e) e sM) => h1 h2.
by apply: (le_by (s := _ / 2%:R) _ (divr_ge0 (addr_ge0 h1 (addr_ge0 h2 h2)) (ler0n _ 2))); field.
Qed.

Theorem slope_lmi_euler rho : nonneg (- euler_matrix rho) -> contracts lure M rho.
Proof.
move=> lmi; split=> // _ [d sd ->] e; rewrite lure_image; set v := diag_mx d *m _.
have := lmi (col_mx e v); rewrite [X in 0 <= X]/qf bfMN -/(qf _ _) qf_block => h1.
have := sector_form e sd; rewrite -/v => h2; have sM := posdef_symmetric pM.
move: h1 h2; rewrite qfD // /qf !(bfMD, bfMN, bfMZ) !products => h1 h2.
by apply: (le_by _ (addr_ge0 h1 (addr_ge0 h2 h2))); ring.
Qed.

End SlopeLMI.

(** The two forms as Lure systems with any couplings; paces go into F and G. *)
Corollary slope_lmi_outside (R : realFieldType) n (l g : R) (W L M : 'M[R]_n) (Lam : 'rV[R]_n) lam :
  posdef M -> (forall i, 0 <= Lam 0 i) ->
  nonneg (- flow_matrix l g (L - 1%:M) W 1%:M M Lam lam) -> certifies (outside l g W L) M lam.
Proof.
move=> pM L0 lmi; have [_ d] := slope_lmi_flow pM L0 lmi; split=> // A [s ss ->]; apply: d.
by exists s; rewrite // mulmx1 -addrA addrC.
Qed.

Corollary slope_lmi_inside (R : realFieldType) n (l g : R) (W L M : 'M[R]_n) (Lam : 'rV[R]_n) lam :
  posdef M -> (forall i, 0 <= Lam 0 i) ->
  nonneg (- flow_matrix l g (L - 1%:M) 1%:M W M Lam lam) -> certifies (inside l g W L) M lam.
Proof.
move=> pM L0 lmi; have [_ d] := slope_lmi_flow pM L0 lmi; split=> // A [s ss ->]; apply: d.
by exists s; rewrite // mul1mx -addrA addrC.
Qed.

(** E5: one Euler step of either form, F = (1 - h) + h L. *)
Corollary slope_lmi_euler_outside (R : realFieldType) n (l g h : R) (W L M : 'M[R]_n) (Lam : 'rV[R]_n) rho :
  posdef M -> (forall i, 0 <= Lam 0 i) ->
  nonneg (- euler_matrix l g (1%:M + h *: (L - 1%:M)) (h *: W) 1%:M M Lam rho) ->
  contracts (euler h (outside l g W L)) M rho.
Proof.
move=> pM L0 lmi; have [_ d] := slope_lmi_euler pM L0 lmi; split=> // _ [_ [s ss ->] ->]; apply: d.
exists s; rewrite // mulmx1 -scalemxAl -[RHS]addrA -scalerDr; congr (_ + _ *: _).
by rewrite -addrA addrC.
Qed.

Corollary slope_lmi_euler_inside (R : realFieldType) n (l g h : R) (W L M : 'M[R]_n) (Lam : 'rV[R]_n) rho :
  posdef M -> (forall i, 0 <= Lam 0 i) ->
  nonneg (- euler_matrix l g (1%:M + h *: (L - 1%:M)) h%:M W M Lam rho) ->
  contracts (euler h (inside l g W L)) M rho.
Proof.
move=> pM L0 lmi; have [_ d] := slope_lmi_euler pM L0 lmi; split=> // _ [_ [s ss ->] ->]; apply: d.
exists s; rewrite // mul_scalar_mx -scalemxAl -[RHS]addrA -scalerDr; congr (_ + _ *: _).
by rewrite -addrA addrC.
Qed.
